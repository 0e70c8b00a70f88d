What Proxmox would only say at the call: an ISO image or a disk that is not there, an OS template that nobody offers, snapshots of what can have none.
-- args --
plan --sim sim missing.phx
plan --sim sim snapshots.phx
$ "$PHX" apply --sim sim --sim-speed 0 --yes fine.phx 2>/dev/null | tail -1
plan --sim sim fine.phx
-- file missing.phx --
stack "t"
image debian { url = "https://e.com/netinst.iso"; storage = "local"; content = "iso" }
vm a { id = 100; disk = 1GiB; storage = "local-lvm"; iso = "local:iso/none.iso" }
vm b { id = 101; disk = 1GiB; storage = "local-lvm"; disk old { volume = "local-lvm:vm-900-disk-7" } }
vm c { id = 102; disk = 1GiB; storage = "local-lvm"; iso = "local:iso/netinst.iso" }
container d { id = 103; ostemplate = "local:vztmpl/ubuntu-24.04-standrad_24.04-2_amd64.tar.zst"; storage = "local-lvm" }
container e { id = 104; ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; storage = "local-lvm" }
-- file snapshots.phx --
stack "t"
defaults vm { storage = "local"; agent { enabled = false }; running = false }
vm a { id = 100; disk = 1GiB; snapshot one {} }
vm t { id = 102; disk = 1GiB; template = true; running = null }
vm b { id = 103; clone = vm.t; snapshot two {} }
container c {
  id = 104; storage = "local"; running = false; snapshot three {}
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
}
-- file fine.phx --
stack "t"
image i { url = "https://e.com/d.qcow2"; storage = "local" }
defaults vm { storage = "local"; agent { enabled = false }; running = false }
vm a { id = 100; disk root { size = 1GiB; format = "qcow2" }; snapshot one {} }
vm b { id = 101; storage = "local-lvm"; disk = 1GiB; snapshot one {} }
vm c { id = 102; image = image.i; disk = 4GiB; snapshot one {} }
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ image.debian on pve  missing.phx:2
    create
      url     https://e.com/netinst.iso
      volume  local:iso/netinst.iso on pve

+ vm.a  100 on pve  missing.phx:3
    create
      options.boot    order=scsi0;ide2
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      iso             local:iso/none.iso, media=cdrom
      disk.root       1GiB on local-lvm

+ vm.b  101 on pve  missing.phx:4
    create
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local-lvm
      disk.old        local-lvm:vm-900-disk-7

+ vm.c  102 on pve  missing.phx:5
    create
      options.boot    order=scsi0;ide2
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      iso             local:iso/netinst.iso, media=cdrom
      disk.root       1GiB on local-lvm

+ container.d  103 on pve  missing.phx:6
    create of local:vztmpl/ubuntu-24.04-standrad_24.04-2_amd64.tar.zst
      memory  512MiB (Proxmox's default)
      rootfs  4GiB on local-lvm

+ container.e  104 on pve  missing.phx:7
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory  512MiB (Proxmox's default)
      rootfs  4GiB on local-lvm

Plan: 6 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

+ vm.a  100 on pve  snapshots.phx:3
    create
      agent.enabled   false
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local
      snapshot.one    taken at the end

+ vm.t  102 on pve  snapshots.phx:4
    create
      agent.enabled   false
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local

+ vm.b  103 on pve  snapshots.phx:5
    create clone of vm.t
      agent.enabled  false
      snapshot.two   taken at the end

+ container.c  104 on pve  snapshots.phx:6
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory          512MiB (Proxmox's default)
      rootfs          4GiB on local
      snapshot.three  taken at the end

Plan: 4 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Apply complete: 13 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 3 resources are as declared.
-- stderr --
error[PHX0621]: there is no volume `local:iso/none.iso` on node `pve`
 --> missing.phx:3:60
  |
3 | vm a { id = 100; disk = 1GiB; storage = "local-lvm"; iso = "local:iso/none.iso" }
  |                                                            ^^^^^^^^^^^^^^^^^^^^
  |
  = note: `iso` of `vm.a` would be it
  = explain: run `phx explain PHX0621`

error[PHX0621]: there is no volume `local-lvm:vm-900-disk-7` on node `pve`
 --> missing.phx:4:54
  |
4 | vm b { id = 101; disk = 1GiB; storage = "local-lvm"; disk old { volume = "local-lvm:vm-900-disk-7" } }
  |                                                      ^^^^^^^^
  |
  = note: `disk.old` of `vm.b` would be it

error[PHX0621]: there is no OS template `ubuntu-24.04-standrad_24.04-2_amd64.tar.zst` on node `pve`, and Proxmox offers none
 --> missing.phx:6:1
  |
6 | container d { id = 103; ostemplate = "local:vztmpl/ubuntu-24.04-standrad_24.04-2_amd64.tar.zst"; storage = "local-lvm" }
  | ^^^^^^^^^^^
  |
  = note: `container.d` is made of it
  = help: did you mean `ubuntu-24.04-standard_24.04-2_amd64.tar.zst`?
  = help: on the node: pveam update, then pveam available

error[PHX0667]: `vm.a` cannot have a snapshot: its scsi0 lies on storage `local`
 --> snapshots.phx:3:31
  |
3 | vm a { id = 100; disk = 1GiB; snapshot one {} }
  |                               ^^^^^^^^^^^^
  |
  = note: its type is `dir`: there Proxmox makes snapshots of qcow2 disks, and this one is not
  = help: leave the snapshot out, or use a storage that can (LVM-thin, ZFS, btrfs, Ceph), or say `format = "qcow2"` in the disk
  = explain: run `phx explain PHX0667`

error[PHX0667]: `vm.b` cannot have a snapshot: its scsi0 lies on storage `local`
 --> snapshots.phx:5:32
  |
5 | vm b { id = 103; clone = vm.t; snapshot two {} }
  |                                ^^^^^^^^^^^^
  |
  = note: its type is `dir`: there Proxmox makes snapshots of qcow2 disks, and this one is not
  = help: leave the snapshot out, or use a storage that can (LVM-thin, ZFS, btrfs, Ceph), or say `format = "qcow2"` in the disk

error[PHX0667]: `container.c` cannot have a snapshot: its rootfs lies on storage `local`
 --> snapshots.phx:7:49
  |
7 |   id = 104; storage = "local"; running = false; snapshot three {}
  |                                                 ^^^^^^^^^^^^^^
  |
  = note: its type is `dir`: there Proxmox makes none
  = help: leave the snapshot out, or use a storage that can (LVM-thin, ZFS, btrfs, Ceph)

-- exit --
1
1
0
0
