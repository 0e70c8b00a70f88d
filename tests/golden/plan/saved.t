A saved plan is applied exactly, once.
-- args --
plan --sim sim -o p.phxplan main.phx
show p.phxplan
apply --sim sim p.phxplan
apply --sim sim p.phxplan
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
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory        512MiB
      unprivileged  true
      rootfs        4GiB on local-lvm
      network       vmbr0, 10.0.0.9/24 via 10.0.0.1

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
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
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
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
phx: the saved plan is stale:
  container.a (101): the plan was to create it, now nothing is to be done
    by root@pam!sim, DATE UTC: task vzstart
  hint: plan again, and review what it says now
-- exit --
0
0
0
4
