A mount's path that cannot be used.
-- args --
validate main.phx
-- file main.phx --
container ca {
  id         = 103
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs     = "local-lvm:8"
  mount "srv" { storage = "local-lvm"; size = 10GiB }
}
-- stderr --
error[PHX0439]: `srv` cannot be mounted on
 --> main.phx:5:3
  |
5 |   mount "srv" { storage = "local-lvm"; size = 10GiB }
  |   ^^^^^^^^^^^
  |
  = note: it is a path inside the container: it begins with `/`, is not `/` itself, and has no `..` and no `,`
  = explain: run `phx explain PHX0439`

-- exit --
1
