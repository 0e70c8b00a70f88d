Two mounts at one path.
-- args --
validate main.phx
-- file main.phx --
container ca {
  id = 103
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs = "local-lvm:8"
  mount "/data" { source = "/srv/a" }
  mount "/data" { source = "/srv/b" }
}
-- stderr --
error[PHX0304]: `mount "/data"` stands twice in this `container`
 --> main.phx:6:3
  |
5 |   mount "/data" { source = "/srv/a" }
  |   ------------- first here
6 |   mount "/data" { source = "/srv/b" }
  |   ^^^^^^^^^^^^^ second time here
  |
  = explain: run `phx explain PHX0304`

-- exit --
1
