A change that needs a replacement needs leave.
-- args --
apply --sim sim --yes main.phx
$ sed -i 's/unprivileged = true/unprivileged = false/' main.phx
plan --sim sim main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  unprivileged = true
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      unprivileged  true
      memory        512MiB (Proxmox's default)
      rootfs        4GiB on local-lvm
      network       vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
Apply complete: 5 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

± container.a  101 on pve  main.phx:3
    replace: unprivileged true → false
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 4GiB, is destroyed

! DATA LOSS: container.a
Plan: 0 to create, 0 to update, 1 to replace, 0 to delete. Refused: nothing will be done.
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
error[PHX0612]: `container.a` (101) would have to be replaced: unprivileged true → false
 --> main.phx:5:18
  |
5 |   unprivileged = false
  |                  ^^^^^
  |
  = note: local-lvm:vm-101-disk-0, 4GiB, is destroyed
  = help: to allow it in the configuration: lifecycle { replace = allow }
  = help: to allow it this once: --allow-destroy container.a
  = explain: run `phx explain PHX0612`

-- exit --
0
0
1
