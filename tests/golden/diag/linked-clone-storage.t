A linked clone with a storage.
-- args --
validate main.phx
-- file main.phx --
vm base {
  id = 900
  template = true
  disk = 8GiB
  storage = "local-lvm"
  network { ip = dhcp }
}
vm two {
  id = 102
  clone = vm.base
  full = false
  storage = "local"
}
-- stderr --
error[PHX0413]: a linked clone stays on its source's storage
  --> main.phx:12:3
   |
11 |   full = false
   |   ---- but a linked clone
12 |   storage = "local"
   |   ^^^^^^^ another storage
   |
   = note: its disks hold only the differences to the template's
   = explain: run `phx explain PHX0413`

-- exit --
1
