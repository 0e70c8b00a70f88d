A gateway outside its subnet.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.5/24; gw = 10.0.1.1 }
}
-- stderr --
error[PHX0405]: the gateway 10.0.1.1 is outside of 10.0.0.5/24
 --> main.phx:5:36
  |
5 |   network { ip = 10.0.0.5/24; gw = 10.0.1.1 }
  |                  -----------       ^^^^^^^^
  |                  |
  |                  the guest's subnet
  |
  = explain: run `phx explain PHX0405`

-- exit --
1
