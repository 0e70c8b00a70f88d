A tag that Proxmox would refuse.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  tags    = ["web server"]
}
-- stderr --
error[PHX0440]: `web server` cannot be a tag
 --> main.phx:5:14
  |
5 |   tags    = ["web server"]
  |              ^^^^^^^^^^^^
  |
  = note: a tag is letters, digits and `_`, after the first also `-`, `+` and `.`
  = explain: run `phx explain PHX0440`

-- exit --
1
