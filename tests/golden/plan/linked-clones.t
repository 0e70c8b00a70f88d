A template with linked clones does not go, on LVM-thin either, where the names of their volumes do not tell.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx 2>/dev/null | tail -1
$ sed 's/d.qcow2/e.qcow2/' main.phx >rebuilt.phx
plan --sim sim --allow-destroy vm.t rebuilt.phx
$ sed 's/full = false/full = true/' rebuilt.phx >forgotten.phx
plan --sim sim --allow-destroy vm.t forgotten.phx
$ "$PHX" destroy --sim sim --sim-speed 0 --yes main.phx 2>/dev/null | tail -1
-- file main.phx --
stack "t"
image i { url = "https://e.com/d.qcow2"; storage = "local" }
vm t { id = 100; image = image.i; disk = 4GiB; storage = "local-lvm"; template = true }
vm l { id = 102; clone = vm.t; full = false; running = false }
-- stdout --
Apply complete: 8 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

+ image.i on pve  rebuilt.phx:2
    create
      url     https://e.com/e.qcow2
      volume  local:import/e.qcow2 on pve

± vm.t  100 on pve  rebuilt.phx:3
    replace: what the template is built from has changed
    ! DATA LOSS
      ! local-lvm:base-100-disk-0, 4GiB, is destroyed
      · vm.l (102) was cloned from it, and stays as it is

! DATA LOSS: vm.t
Plan: 1 to create, 0 to update, 1 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

+ image.i on pve  forgotten.phx:2
    create
      url     https://e.com/e.qcow2
      volume  local:import/e.qcow2 on pve

± vm.t  100 on pve  forgotten.phx:3
    replace: what the template is built from has changed
    ! DATA LOSS
      ! local-lvm:base-100-disk-0, 4GiB, is destroyed
      · vm.l (102) was cloned from it, and stays as it is

! DATA LOSS: vm.t
Plan: 1 to create, 0 to update, 1 to replace, 0 to delete. Refused: nothing will be done.
Apply complete: 4 done; 0.0 s
-- stderr --
error[PHX0614]: `vm.t` (100) cannot be replaced: linked clones read from its disks
 --> rebuilt.phx:3:1
  |
3 | vm t { id = 100; image = image.i; disk = 4GiB; storage = "local-lvm"; template = true }
  | ^^^^
  |
  = note: vm 102 (`vm.l`) is a linked clone of it
  = help: delete the clones first, or make full clones of them
  = explain: run `phx explain PHX0614`

error[PHX0614]: `vm.t` (100) cannot be replaced: linked clones read from its disks
 --> forgotten.phx:3:1
  |
3 | vm t { id = 100; image = image.i; disk = 4GiB; storage = "local-lvm"; template = true }
  | ^^^^
  |
  = note: vm 102 (`vm.l`) is a linked clone of it
  = help: delete the clones first, or make full clones of them
  = explain: run `phx explain PHX0614`

-- exit --
0
0
1
0
1
0
