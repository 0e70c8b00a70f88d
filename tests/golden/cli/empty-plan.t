An empty file that is no source is a plan that was cut off; a journal that is no file remembers nothing.
-- args --
$ : >empty.plan
apply empty.plan
show empty.plan
$ "$PHX" apply --sim lab --sim-speed 0 --yes --journal /dev/null main.phx 2>/dev/null
$ "$PHX" apply --sim lab --sim-speed 0 --yes --journal /dev/full more.phx 2>err; echo "$?"; grep -m 1 -o 'cannot write .*' err
-- file main.phx --
stack "lab"
vm a { id = 100; disk = 1GiB; storage = "local-lvm"; agent { enabled = false }; running = false }
-- file more.phx --
stack "lab"
vm a { id = 100; disk = 1GiB; storage = "local-lvm"; agent { enabled = false }; running = false; memory = 1GiB }
-- stdout --
Stack lab on cluster pve (http://127.0.0.1:PORT)

+ vm.a  100 on pve  main.phx:2
    create
      agent.enabled   false
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local-lvm

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 3 actions.
About ….
Apply complete: 3 done; 0.0 s
Stack lab on cluster pve (http://127.0.0.1:PORT)

~ vm.a  100 on pve  more.phx:2
    update
      memory  512MiB → 1GiB  more.phx:2

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.
About ….
Nothing was applied: 3 not started; 0.0 s
1
cannot write the journal /dev/full: No space left on device
-- stderr --
phx: empty.plan is not a usable plan: it is cut off, or was written by something else
  hint: make it again: phx plan -o empty.plan
phx: empty.plan is not a usable plan: it is cut off, or was written by something else
  hint: make it again: phx plan -o empty.plan
-- exit --
0
1
1
0
0
