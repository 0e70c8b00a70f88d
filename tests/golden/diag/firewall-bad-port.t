A port out of range.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  firewall { rule in accept { proto = tcp; port = 70000 } }
}
-- stderr --
error[PHX0423]: a port, or a range of ports, that does not exist
 --> main.phx:5:51
  |
5 |   firewall { rule in accept { proto = tcp; port = 70000 } }
  |              --------------                       ^^^^^
  |              |
  |              in this rule
  |
  = note: ports are 0 to 65535; a range is `8000:8010`, a list `"80,443"`; got `70000`
  = explain: run `phx explain PHX0423`

-- exit --
1
