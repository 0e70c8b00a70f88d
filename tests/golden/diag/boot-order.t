A boot order names devices that the VM has; what a clone has its source says too.
-- args --
validate main.phx
-- file main.phx --
defaults vm { storage = "local-lvm"; agent { enabled = false } }
vm a { id = 100; disk = 1GiB; options { boot = "order=scsi0;net0" } }
vm b { id = 101; disk = 1GiB; network { ip = dhcp }; iso = "local:iso/x.iso"; options { boot = "order=scsi0;net0;ide2" } }
vm t { id = 102; disk = 1GiB; template = true }
vm c { id = 103; clone = vm.t; options { boot = "order=net0" } }
vm d { id = 104; disk = 1GiB; disk more { size = 1GiB }; options { boot = "order=scsi3;sata0" } }
-- stderr --
error[PHX0431]: `net0` is in the boot order, and `vm.a` has no such device
 --> main.phx:2:48
  |
2 | vm a { id = 100; disk = 1GiB; options { boot = "order=scsi0;net0" } }
  |                                                ^^^^^^^^^^^^^^^^^^
  |
  = note: there is `scsi0` (disk.root)
  = explain: run `phx explain PHX0431`

error[PHX0431]: `sata0` is in the boot order, and `vm.d` has no such device
 --> main.phx:6:75
  |
6 | vm d { id = 104; disk = 1GiB; disk more { size = 1GiB }; options { boot = "order=scsi3;sata0" } }
  |                                                                           ^^^^^^^^^^^^^^^^^^^
  |
  = note: there is `scsi0` (disk.root)
  = note: there is `scsi1` (disk.more)

-- exit --
1
