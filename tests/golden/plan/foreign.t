A guest of somebody else is never touched; adopting is an action of its own.
-- args --
apply --sim sim --yes other.phx
plan --sim sim main.phx
plan --sim sim --adopt container.a main.phx
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
-- file other.phx --
stack "other"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  memory = 768MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
-- stdout --
Stack other on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  other.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory        768MiB
      unprivileged  true
      rootfs        4GiB on local-lvm
      network       vmbr0, 10.0.0.9/24 via 10.0.0.1

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
Apply complete: 5 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

Plan: 0 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:3
    adopt: taken from stack other, where it is container.a: nothing but tag and note is written, in
      place of that stack's
      tags  phx-other → phx-t  main.phx:3  phx-t in place of phx-other
      · memory differs: the next plan changes it

Plan: 0 to create, 0 to update, 0 to replace, 0 to delete, 1 to adopt; 3 actions.
About ….
-- stderr --
     0.0s start     a1 stack: take the lock of stack other
     0.0s done      a1 stack: take the lock of stack other (0.0 s)
     0.0s start     a2 container.a: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
     0.0s task      a2 container.a: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst: UPID:pve:…:vzcreate:101:root@pam!sim:
     0.0s done      a2 container.a: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst (0.0 s)
     0.0s start     a3 container.a: start 101
     0.0s task      a3 container.a: start 101: UPID:pve:…:vzstart:101:root@pam!sim:
     0.0s done      a3 container.a: start 101 (0.0 s)
     0.0s start     a4 container.a: note that 101 is complete
     0.0s done      a4 container.a: note that 101 is complete (0.0 s)
     0.0s start     a5 stack: give the lock of stack other back
     0.0s done      a5 stack: give the lock of stack other back (0.0 s)
error[PHX0601]: container 101 exists and is not of stack `t`
 --> main.phx:4:8
  |
4 |   id = 101
  |        ^^^
  |
  = note: it is `a` on node `pve`
  = note: it belongs to stack `other`, as `container.a`
  = help: to take it over as it is: --adopt container.a
  = explain: run `phx explain PHX0601`

-- exit --
0
1
0
