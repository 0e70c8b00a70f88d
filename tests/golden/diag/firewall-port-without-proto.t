A port without a protocol.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  firewall { rule in accept { port = 22 } }
}
-- stderr --
error[PHX0423]: a port without a protocol
 --> main.phx:5:38
  |
5 |   firewall { rule in accept { port = 22 } }
  |              --------------          ^^
  |              |
  |              in this rule
  |
  = help: say `proto = tcp` or `proto = udp`
  = explain: run `phx explain PHX0423`

-- exit --
1
