A guest that left is planned as a delete, and needs leave.
-- args --
apply --sim sim --yes main.phx
$ sed -i '/^container/,$d' main.phx
plan --sim sim main.phx
plan --sim sim --allow-destroy container.a main.phx
apply --sim sim --yes --allow-destroy container.a main.phx
plan --sim sim main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory        512MiB
      unprivileged  true
      rootfs        4GiB on local-lvm
      network       vmbr0, 10.0.0.9/24 via 10.0.0.1

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
Apply complete: 5 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

- container.a  101 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 4GiB, is destroyed

! DATA LOSS: container.a
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

- container.a  101 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 4GiB, is destroyed

! DATA LOSS: container.a
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete; 4 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)

- container.a  101 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 4GiB, is destroyed

! DATA LOSS: container.a
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete; 4 actions.
About ….
Apply complete: 4 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 0 resources are as declared.
-- stderr --
     0.0s start     a1 stack: take the lock of stack t
     0.0s done      a1 stack: take the lock of stack t (0.0 s)
     0.0s start     a2 container.a: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
     0.0s task      a2 container.a: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst: UPID:pve:…:vzcreate:101:root@pam!sim:
     0.0s done      a2 container.a: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst (0.0 s)
     0.0s start     a3 container.a: start 101
     0.0s task      a3 container.a: start 101: UPID:pve:…:vzstart:101:root@pam!sim:
     0.0s done      a3 container.a: start 101 (0.0 s)
     0.0s start     a4 container.a: note that 101 is complete
     0.0s done      a4 container.a: note that 101 is complete (0.0 s)
     0.0s start     a5 stack: give the lock of stack t back
     0.0s done      a5 stack: give the lock of stack t back (0.0 s)
error[PHX0608]: `container.a` (container 101) left the configuration and would be deleted
  = note: local-lvm:vm-101-disk-0, 4GiB, is destroyed
  = help: to allow it this once: --allow-destroy container.a
  = explain: run `phx explain PHX0608`

     0.0s start     a1 stack: take the lock of stack t
     0.0s done      a1 stack: take the lock of stack t (0.0 s)
     0.0s start     a2 container.a: shut down 101
     0.0s task      a2 container.a: shut down 101: UPID:pve:…:vzshutdown:101:root@pam!sim:
     0.0s done      a2 container.a: shut down 101 (0.0 s)
     0.0s start     a3 container.a: delete container 101
     0.0s task      a3 container.a: delete container 101: UPID:pve:…:vzdestroy:101:root@pam!sim:
     0.0s done      a3 container.a: delete container 101 (0.0 s)
     0.0s start     a4 stack: give the lock of stack t back
     0.0s done      a4 stack: give the lock of stack t back (0.0 s)
-- exit --
0
0
1
0
0
0
