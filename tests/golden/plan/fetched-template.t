An OS template that is not on the storage is fetched first.
-- args --
plan --sim sim -v main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst
      memory   512MiB (Proxmox's default)  main.phx:3
      rootfs   4GiB on local-lvm           main.phx:6
      network  vmbr0, dhcp                 main.phx:7

Actions:
  a1 stack: take the lock of stack t
      POST /pools
        poolid = phx-lock-t
        comment = (who and when)
  a2 container.a: download local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst on pve  after a1
      POST /nodes/pve/aplinfo
        storage = local
        template = debian-12-standard_12.7-1_amd64.tar.zst
  a3 container.a: create container 101 of local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst  after a2
      POST /nodes/pve/lxc
        vmid = 101
        ostemplate = local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst
        hostname = a
        description = <!-- phx:1 stack=t address=container.a id=101 building set=name~cd20~network~6cc0~node~0c6a~rootfs~da93 -->
        tags = phx-t
        rootfs = local-lvm:4
        net0 = name=eth0,bridge=vmbr0,hwaddr=02:5F:1E:80:26:C1,ip=dhcp
  a4 container.a: start 101  after a3
      POST /nodes/pve/lxc/101/status/start
  a5 container.a: note that 101 is complete  after a4
      PUT /nodes/pve/lxc/101/config
        description = <!-- phx:1 stack=t address=container.a id=101 set=name~cd20~network~6cc0~node~0c6a~rootfs~da93 -->
  a6 stack: give the lock of stack t back  after a5
      DELETE /pools/phx-lock-t

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 6 actions.
About ….
Promised to guests              before        after     there is
  pve memory                   0.0 GiB      0.5 GiB    128.0 GiB
  pve processors                     0            1           32
  pve local-lvm                0.0 GiB      4.0 GiB    800.0 GiB
