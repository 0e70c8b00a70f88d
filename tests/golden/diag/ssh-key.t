An SSH public key that cannot be right.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  user ada { ssh_keys = ["keys/admin.pub"] }
}
-- stderr --
error[PHX0444]: this is no SSH public key
 --> main.phx:5:26
  |
5 |   user ada { ssh_keys = ["keys/admin.pub"] }
  |                          ^^^^^^^^^^^^^^^^
  |
  = note: a key begins with its kind: `ssh-ed25519 AAAA… name`
  = help: read it from its file with `file("keys/admin.pub")`
  = explain: run `phx explain PHX0444`

-- exit --
1
