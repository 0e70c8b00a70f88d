A clone with a smaller disk.
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
  disk = 4GiB
}
-- stderr --
error[PHX0420]: `disk.root` would shrink from 8GiB to 4GiB
  --> main.phx:11:10
   |
 4 |   disk = 8GiB
   |          ---- the source's size
...
10 |   clone = vm.base
   |           ------- cloned here
11 |   disk = 4GiB
   |          ^^^^ smaller than what is cloned
   |
   = note: a clone's disks begin with the size of its source's, and Proxmox never shrinks a disk
   = explain: run `phx explain PHX0420`

-- exit --
1
