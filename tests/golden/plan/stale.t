A saved plan whose cluster has moved is refused, with what moved.
-- args --
apply --sim sim --yes main.phx
$ sed -i 's/512MiB/1GiB/' main.phx
plan --sim sim -o p.phxplan main.phx
$ sed 's/1GiB/768MiB/' main.phx > other.phx
apply --sim sim --yes other.phx
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
Apply complete: 5 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:3
    update
      memory  512MiB → 1GiB  main.phx:5

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  other.phx:3
    update
      memory  512MiB → 768MiB  other.phx:5

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.
About ….
Apply complete: 3 done; 0.0 s
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
saved as p.phxplan: `phx apply p.phxplan` does exactly this
     0.0s start     a1 stack: take the lock of stack t
     0.0s done      a1 stack: take the lock of stack t (0.0 s)
     0.0s start     a2 container.a: configure 101
     0.0s done      a2 container.a: configure 101 (0.0 s)
     0.0s start     a3 stack: give the lock of stack t back
     0.0s done      a3 stack: give the lock of stack t back (0.0 s)
phx: the saved plan is stale:
  container.a (101): memory was 512MiB, now 768MiB
  guest 101 (a): description was <!-- phx:1 stack=t address=container.a id=101 set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 -->
, now <!-- phx:1 stack=t address=container.a id=101 set=memory~8d51~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 -->

    by whom: the task log does not tell (a change of a configuration leaves no task)
  hint: plan again, and review what it says now
-- exit --
0
0
0
0
0
4
