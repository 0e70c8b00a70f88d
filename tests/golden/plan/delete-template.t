A template goes: what is a linked clone of it, by the names of its disks, cannot live on, and goes first or is in the way; full clones
live on, and so do linked ones on LVM-thin, whose disks are their own.
-- args --
$ "$PHX" apply --sim sim --sim-speed 60 --yes main.phx >apply.log 2>&1
delete --sim sim base main.phx
delete --sim sim --cascade base main.phx
delete --sim sim --yes base linked main.phx
status --sim sim main.phx
$ "$PHX" destroy --sim sim --target image.tiny main.phx
-- file sim/cluster.json --
{"nodes": [{"name": "pve"}],
 "storages": [
  {"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G", "content": "images,import,iso,vztmpl,snippets"},
  {"storage": "local-lvm", "type": "lvmthin", "size": "500G", "content": "images,rootdir"}]}
-- file main.phx --
stack "t"
image tiny { url = "https://images.test/tiny.qcow2"; storage = "local" }
vm base { id = 505; template = true; image = image.tiny; storage = "local"; cloud_init { upgrade = false } }
vm full { id = 506; clone = vm.base; full = true; running = false }
vm linked { id = 507; clone = vm.base; full = false; running = false }
vm user { id = 508; depends_on = [vm.linked]; running = false; storage = "local"; disk = 1GiB }
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.

- vm.base  505 on pve  main.phx:3
    delete: asked for
    ! DATA LOSS
      ! local:505/vm-505-cloudinit.qcow2 is destroyed
      ! local:505/base-505-disk-0.qcow2, 3584MiB, is destroyed
      · vm.full (506) was cloned from it, and stays as it is

- vm.linked  507 on pve  main.phx:5
    delete: it needs vm.base, which goes
    ! DATA LOSS
      ! local:507/vm-507-cloudinit.qcow2 is destroyed
      ! local:505/base-505-disk-0.qcow2/507/vm-507-disk-0.qcow2, 3584MiB, is destroyed

- vm.user  508 on pve  main.phx:6
    delete: it needs vm.linked, which goes
    ! DATA LOSS
      ! local:508/vm-508-disk-0.raw, 1GiB, is destroyed

! DATA LOSS: vm.base, vm.linked, vm.user
Plan: 0 to create, 0 to update, 0 to replace, 3 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.

- vm.user  508 on pve  main.phx:6
    delete: it needs vm.linked, which goes
    ! DATA LOSS
      ! local:508/vm-508-disk-0.raw, 1GiB, is destroyed

- vm.linked  507 on pve  main.phx:5
    delete: it needs vm.base, which goes
    ! DATA LOSS
      ! local:507/vm-507-cloudinit.qcow2 is destroyed
      ! local:505/base-505-disk-0.qcow2/507/vm-507-disk-0.qcow2, 3584MiB, is destroyed

- vm.base  505 on pve  main.phx:3
    delete: asked for
    ! DATA LOSS
      ! local:505/vm-505-cloudinit.qcow2 is destroyed
      ! local:505/base-505-disk-0.qcow2, 3584MiB, is destroyed
      · vm.full (506) was cloned from it, and stays as it is

! DATA LOSS: vm.user, vm.linked, vm.base
Plan: 0 to create, 0 to update, 0 to replace, 3 to delete; 5 actions.
About …; longest chain: vm.user → vm.linked → vm.base.
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.

- vm.base  505 on pve  main.phx:3
    delete: asked for
    ! DATA LOSS
      ! local:505/vm-505-cloudinit.qcow2 is destroyed
      ! local:505/base-505-disk-0.qcow2, 3584MiB, is destroyed
      · vm.full (506) was cloned from it, and stays as it is

- vm.linked  507 on pve  main.phx:5
    delete: asked for
    ! DATA LOSS
      ! local:507/vm-507-cloudinit.qcow2 is destroyed
      ! local:505/base-505-disk-0.qcow2/507/vm-507-disk-0.qcow2, 3584MiB, is destroyed

- vm.user  508 on pve  main.phx:6
    delete: it needs vm.linked, which goes
    ! DATA LOSS
      ! local:508/vm-508-disk-0.raw, 1GiB, is destroyed

! DATA LOSS: vm.base, vm.linked, vm.user
Plan: 0 to create, 0 to update, 0 to replace, 3 to delete. Refused: nothing will be done.
ID   ADDRESS    KIND  NODE  STATE     UPTIME  IP  DRIFT
505  vm.base    vm    pve   template  -       -   none
506  vm.full    vm    pve   stopped   -       -   none
507  vm.linked  vm    pve   stopped   -       -   none
508  vm.user    vm    pve   stopped   -       -   none
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.

No changes. 0 resources are as declared.
-- stderr --
error[PHX0682]: `vm.linked` (507) needs `vm.base`
 --> main.phx:5:1
  |
5 | vm linked { id = 507; clone = vm.base; full = false; running = false }
  | ^^^^^^^^^
  |
  = help: --cascade deletes it too, first
  = explain: run `phx explain PHX0682`

error[PHX0682]: `vm.user` (508) needs `vm.linked`
 --> main.phx:6:1
  |
6 | vm user { id = 508; depends_on = [vm.linked]; running = false; storage = "local"; disk = 1GiB }
  | ^^^^^^^
  |
  = help: --cascade deletes it too, first

phx: no terminal to ask on
  hint: look at the plan above, then give --yes; or save a plan (`phx plan -o FILE`) and apply that
error[PHX0682]: `vm.user` (508) needs `vm.linked`
 --> main.phx:6:1
  |
6 | vm user { id = 508; depends_on = [vm.linked]; running = false; storage = "local"; disk = 1GiB }
  | ^^^^^^^
  |
  = help: --cascade deletes it too, first
  = explain: run `phx explain PHX0682`

-- exit --
0
1
64
1
0
0
