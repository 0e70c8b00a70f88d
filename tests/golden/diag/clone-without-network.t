A clone of a guest with a static address, without a network of its own.
-- args --
validate main.phx
-- file main.phx --
vm base {
  id = 900
  template = true
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.9/24 }
}
vm two {
  id = 102
  clone = vm.base
}
-- stderr --
error[PHX0412]: `vm.two` does not say its address
  --> main.phx:8:1
   |
 6 |   network { ip = 10.0.0.9/24 }
   |                  ----------- its source has this one
 7 | }
 8 | vm two {
   | ^^^^^^
 9 |   id = 102
10 |   clone = vm.base
   |           ------- cloned here
   |
   = help: say `network { ip = … }`, with an address of its own or `dhcp`
   = explain: run `phx explain PHX0412`

-- exit --
1
