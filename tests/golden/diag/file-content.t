A file with two contents, or none.
-- args --
validate main.phx
-- file main.phx --
container ca {
  id         = 103
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs     = "local-lvm:8"
  file "/etc/motd" { mode = 0644 }
}
-- stderr --
error[PHX0443]: `file` has neither `source` nor `content`
 --> main.phx:5:3
  |
5 |   file "/etc/motd" { mode = 0644 }
  |   ^^^^^^^^^^^^^^^^
  |
  = help: `source` is a file beside this one, `content` the text itself
  = explain: run `phx explain PHX0443`

-- exit --
1
