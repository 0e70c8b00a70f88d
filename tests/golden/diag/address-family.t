An IPv4 address where IPv6 belongs, or the other way round.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  network { ip = fd00::5/64 }
}
-- stderr --
error[PHX0437]: `ip` takes an IPv4 address
 --> main.phx:5:18
  |
5 |   network { ip = fd00::5/64 }
  |                  ^^^^^^^^^^
  |
  = help: IPv6 addresses are `ip6`
  = explain: run `phx explain PHX0437`

-- exit --
1
