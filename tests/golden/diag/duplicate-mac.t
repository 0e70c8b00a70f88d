Two NICs of one MAC.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { mac = 52:54:00:AA:BB:CC; ip = dhcp }
}
vm two {
  id = 102
  disk = 8GiB
  storage = "local-lvm"
  network { mac = 52:54:00:aa:bb:cc; ip = dhcp }
}
-- stderr --
error[PHX0403]: `vm.web` and `vm.two` have one MAC, 52:54:00:AA:BB:CC
  --> main.phx:11:19
   |
 5 |   network { mac = 52:54:00:AA:BB:CC; ip = dhcp }
   |                   ----------------- first used here
...
11 |   network { mac = 52:54:00:aa:bb:cc; ip = dhcp }
   |                   ^^^^^^^^^^^^^^^^^ used again here
   |
   = explain: run `phx explain PHX0403`

-- exit --
1
