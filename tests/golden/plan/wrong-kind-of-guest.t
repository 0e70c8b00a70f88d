A VM has the id that a container is to get.
-- args --
apply --sim sim --yes vm.phx
plan --sim sim main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- file vm.phx --
stack "u"
vm a { id = 101; disk = 1GiB; storage = "local-lvm"; running = false }
-- stdout --
Stack u on cluster pve (http://127.0.0.1:PORT)

+ vm.a  101 on pve  vm.phx:2
    create
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local-lvm

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 3 actions.
About ….
Apply complete: 3 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

Plan: 0 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
     0.0s start     a1 stack: take the lock of stack u
     0.0s done      a1 stack: take the lock of stack u (0.0 s)
     0.0s start     a2 vm.a: create vm 101
     0.0s task      a2 vm.a: create vm 101: UPID:pve:…:qmcreate:101:root@pam!sim:
     0.0s done      a2 vm.a: create vm 101 (0.0 s)
     0.0s start     a3 stack: give the lock of stack u back
     0.0s done      a3 stack: give the lock of stack u back (0.0 s)
error[PHX0601]: vm 101 exists and is not of stack `t`
 --> main.phx:4:8
  |
4 |   id = 101
  |        ^^^
  |
  = note: it is `a` on node `pve`
  = note: it belongs to stack `u`, as `vm.a`
  = help: give `container.a` another id
  = explain: run `phx explain PHX0601`

-- exit --
0
1
