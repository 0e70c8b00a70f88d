A gateway without an address.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  network { gw = 10.0.0.1 }
}
-- stderr --
error[PHX0438]: `gw` without `ip`
 --> main.phx:5:18
  |
5 |   network { gw = 10.0.0.1 }
  |                  ^^^^^^^^
  |
  = help: say the address as well, or leave the gateway out
  = explain: run `phx explain PHX0438`

-- exit --
1
