A snapshot name that Proxmox refuses.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  snapshot "1st" {}
}
-- stderr --
error[PHX0441]: a snapshot cannot be called `1st`
 --> main.phx:5:3
  |
5 |   snapshot "1st" {}
  |   ^^^^^^^^^^^^^^
  |
  = note: its name has 2 to 40 characters, begins with a letter and goes on with letters, digits, `_` and `-`; `current` is Proxmox's own
  = explain: run `phx explain PHX0441`

-- exit --
1
