A guest that left the configuration is named by the address in its mark, or by its id, like any other.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx 2>/dev/null | tail -1
$ sed -i '/vm c/d' main.phx
plan --sim sim --target vm.c --allow-destroy vm.c main.phx
plan --sim sim --target 101 --allow-destroy 101 main.phx
plan --sim sim --exclude vm.c main.phx
plan --sim sim --target vm.d main.phx
-- file main.phx --
stack "t"
vm a { id = 100; disk = 1GiB; storage = "local-lvm"; running = false; agent { enabled = false } }
vm c { id = 101; disk = 1GiB; storage = "local-lvm"; running = false; agent { enabled = false } }
-- stdout --
Apply complete: 4 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.

- vm.c  101 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 1GiB, is destroyed

! DATA LOSS: vm.c
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete; 3 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.

- vm.c  101 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 1GiB, is destroyed

! DATA LOSS: vm.c
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete; 3 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.

No changes. 1 resource is as declared.
-- stderr --
phx: `--target vm.d`: the configuration has no such resource
  hint: did you mean `vm.a`?
-- exit --
0
0
0
0
0
64
