An action that does not exist.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  firewall { rule in allow { proto = tcp; port = 22 } }
}
-- stderr --
error[PHX0305]: a firewall rule names its direction and what to do
 --> main.phx:5:14
  |
5 |   firewall { rule in allow { proto = tcp; port = 22 } }
  |              ^^^^^^^^^^^^^
  |
  = help: write `rule in accept { … }`: `in` or `out`, then `accept`, `drop` or `reject`; or `rule group NAME {}` for a security group
  = explain: run `phx explain PHX0305`

-- exit --
1
