An unknown macro.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  firewall { rule in accept { macro = SHS } }
}
-- stderr --
error[PHX0423]: Proxmox's firewall has no such macro
 --> main.phx:5:39
  |
5 |   firewall { rule in accept { macro = SHS } }
  |              --------------           ^^^
  |              |
  |              in this rule
  |
help: did you mean `SSH`?
  |
5 |   firewall { rule in accept { macro = SSH } }
  |                                       ~~~
  = explain: run `phx explain PHX0423`

-- exit --
1
