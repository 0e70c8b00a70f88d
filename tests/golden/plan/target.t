A target draws in what it depends on, and says so.
-- args --
plan --offline --target vm.two main.phx
plan --offline --exclude vm.one main.phx
-- file main.phx --
stack "t"
defaults vm { storage = "local-lvm"; bridge = "vmbr0"; disk = 8GiB }
vm one { id = 101 }
vm two { id = 102; depends_on = [vm.one] }
vm three { id = 103 }
-- stdout --
Stack t, planned without a cluster: everything is new
Only a part of the configuration is planned.
Brought in because something selected needs it: vm.one

+ vm.one  101 on {node}  main.phx:3
    create
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       8GiB on local-lvm

+ vm.two  102 on {node}  main.phx:4
    create
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       8GiB on local-lvm

Plan: 2 to create, 0 to update, 0 to replace, 0 to delete; 8 actions.
About …; longest chain: vm.one → vm.two.
Stack t, planned without a cluster: everything is new
Only a part of the configuration is planned.
Left out because it needs what is excluded: vm.two

+ vm.three  103 on {node}  main.phx:5
    create
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       8GiB on local-lvm

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
