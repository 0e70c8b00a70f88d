An address without its prefix.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.7 }
}
-- stderr --
error[PHX0308]: `ip` takes `dhcp` or an address with its prefix such as `10.0.0.1/24`
 --> main.phx:5:18
  |
5 |   network { ip = 10.0.0.7 }
  |                  ^^^^^^^^ this is a value of type ip
  |
  = help: add the prefix of its subnet, such as `/24`
  = explain: run `phx explain PHX0308`

-- exit --
1
