A clone of a container with bind mounts.
-- args --
validate main.phx
-- file main.phx --
container base {
  id         = 900
  template   = true
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs     = "local-lvm:8"
  mount "/srv" { source = "/tank/srv" }
}

container ca {
  id    = 103
  clone = container.base
}
-- stderr --
error[PHX0419]: `container.base` cannot be cloned: it has a bind mount
  --> main.phx:11:11
   |
 6 |   mount "/srv" { source = "/tank/srv" }
   |   ------------ a directory of the node, which Proxmox does not clone
...
11 |   clone = container.base
   |           ^^^^^^^^^^^^^^
   |
   = help: mount it in the clones instead
   = explain: run `phx explain PHX0419`

-- exit --
1
