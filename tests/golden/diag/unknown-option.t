An option that Proxmox does not have.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  options { ballon = 512 }
}
-- stderr --
error[PHX0316]: Proxmox has no option `ballon` for a vm
 --> main.phx:5:13
  |
5 |   options { ballon = 512 }
  |             ^^^^^^
  |
help: did you mean `balloon`?
  |
5 |   options { balloon = 512 }
  |             ~~~~~~~
  = explain: run `phx explain PHX0316`

-- exit --
1
