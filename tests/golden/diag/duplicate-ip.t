Two guests of one address.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.5/24 }
}
vm two {
  id = 102
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.5/24 }
}
-- stderr --
error[PHX0404]: `vm.web` and `vm.two` have one address, 10.0.0.5
  --> main.phx:11:18
   |
 5 |   network { ip = 10.0.0.5/24 }
   |                  ----------- first used here
...
11 |   network { ip = 10.0.0.5/24 }
   |                  ^^^^^^^^^^^ used again here
   |
   = note: both are on vmbr0
   = explain: run `phx explain PHX0404`

-- exit --
1
