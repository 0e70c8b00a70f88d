A snapshot beside a bind mount.
-- args --
validate main.phx
-- file main.phx --
container ca {
  id = 103
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs = "local-lvm:8"
  mount "/data" { source = "/srv/data" }
  snapshot one {}
}
-- stderr --
error[PHX0418]: a container with a bind mount cannot have snapshots
 --> main.phx:6:3
  |
5 |   mount "/data" { source = "/srv/data" }
  |   ------------- mounts a directory of the node
6 |   snapshot one {}
  |   ^^^^^^^^^^^^
  |
  = help: mount a volume (`storage` and `size`) instead, or leave the snapshot out
  = explain: run `phx explain PHX0418`

-- exit --
1
