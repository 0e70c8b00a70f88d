Two default gateways.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  network     { ip = 10.0.0.5/24; gw = 10.0.0.1 }
  network lan { ip = 10.9.0.5/24; gw = 10.9.0.1 }
}
-- stderr --
error[PHX0424]: `vm.web` has two default gateways
 --> main.phx:6:40
  |
5 |   network     { ip = 10.0.0.5/24; gw = 10.0.0.1 }
  |                                        -------- the first one
6 |   network lan { ip = 10.9.0.5/24; gw = 10.9.0.1 }
  |                                        ^^^^^^^^
  |
  = help: keep `gw` on the card that leads outside
  = explain: run `phx explain PHX0424`

-- exit --
1
