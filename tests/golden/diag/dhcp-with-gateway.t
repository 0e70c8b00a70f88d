Dhcp with a gateway.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = dhcp; gw = 10.0.0.1 }
}
-- stderr --
error[PHX0406]: `gw` beside `ip = dhcp`
 --> main.phx:5:29
  |
5 |   network { ip = dhcp; gw = 10.0.0.1 }
  |                  ----       ^^^^^^^^
  |                  |
  |                  the DHCP server says the gateway as well
  |
  = help: leave the gateway out, or give the guest an address of its own
  = explain: run `phx explain PHX0406`

-- exit --
1
