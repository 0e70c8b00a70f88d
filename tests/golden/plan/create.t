A first plan.
-- args --
plan --sim sim main.phx
plan --sim sim -v main.phx
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
      memory        512MiB                           main.phx:5
      unprivileged  true                             main.phx:8
      rootfs        4GiB on local-lvm                main.phx:7
      network       vmbr0, 10.0.0.9/24 via 10.0.0.1  main.phx:9

Actions:
  a1 stack: take the lock of stack t
      POST /pools
        poolid = phx-lock-t
        comment = (who and when)
  a2 container.a: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst  after a1
      POST /nodes/pve/lxc
        vmid = 101
        ostemplate = local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
        hostname = a
        description = <!-- phx:1 stack=t address=container.a id=101 building set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 -->
        tags = phx-t
        memory = 512
        unprivileged = 1
        rootfs = local-lvm:4
        net0 = name=eth0,bridge=vmbr0,hwaddr=02:5F:1E:80:26:C1,ip=10.0.0.9/24,gw=10.0.0.1
  a3 container.a: start 101  after a2
      POST /nodes/pve/lxc/101/status/start
  a4 container.a: note that 101 is complete  after a3
      PUT /nodes/pve/lxc/101/config
        description = <!-- phx:1 stack=t address=container.a id=101 set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 -->
  a5 stack: give the lock of stack t back  after a4
      DELETE /pools/phx-lock-t

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
Promised to guests              before        after     there is
  pve memory                   0.0 GiB      0.5 GiB    128.0 GiB
  pve processors                     0            1           32
  pve local-lvm                0.0 GiB      4.0 GiB    800.0 GiB
