What root does on the node for a container: directories, devices, raw lines; each only when it differs, and in the live section.
-- args --
$ "$PHX" plan --sim sim --verbose main.phx | sed "/ description = /d"
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
plan --sim sim main.phx
$ sed -i -e 's/"unconfined"/"generated"/' -e '/mount.entry/d' -e 's/0750/0700/' main.phx
$ "$PHX" plan --sim sim --verbose main.phx | sed -E -e "s/ [0-9a-f]{40}$/ DIGEST/" -e "/ description = /d"
-- file main.phx --
stack "t"
container a {
  id = 101
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  gpu = [0, 1]
  device = "/dev/net/tun"
  lxc {
    "lxc.apparmor.profile" = "unconfined"
    "lxc.mount.entry" = ["/dev/dri dev/dri none bind,optional,create=dir"]
  }
  mount "/srv" { source = "/tank/srv"; owner = "www-data:www-data"; mode = 0750 }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:2
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      device                /dev/net/tun                     main.phx:8
      gpu                   /dev/nvidia0,mode=0666           main.phx:7
      gpu                   /dev/nvidia1,mode=0666           main.phx:7
      gpu                   /dev/nvidiactl,mode=0666         main.phx:7
      gpu                   /dev/nvidia-uvm,mode=0666        main.phx:7
      gpu                   /dev/nvidia-uvm-tools,mode=0666  main.phx:7
      gpu                   /dev/nvidia-modeset,mode=0666    main.phx:7
      unprivileged          true                             main.phx:6
      lxc.apparmor.profile  unconfined                       main.phx:10
      lxc.mount.entry       /dev/dri dev/dri none bind,optional,create=dir  main.phx:11
      memory                512MiB (Proxmox's default)       main.phx:2
      mount./srv            /tank/srv                        main.phx:13
      rootfs                4GiB on local-lvm                main.phx:5
      · directories of the node are made as root there, over the host channel
      · set as root on the node, over the host channel: device, gpu, mount./srv
      · raw lines are written as root on the node, over the host channel

Actions:
  a1 stack: take the lock of stack t
      POST /pools
        poolid = phx-lock-t
        comment = (who and when)
  a2 container.a: the directory of the node that 101 mounts: made where missing, owner and mode where declared  after a1
      /bin/sh -s -- 100000 100000
        standard input = (1663 bytes)
  a3 container.a: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst  after a2
      POST /nodes/pve/lxc
        vmid = 101
        ostemplate = local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
        hostname = a
        tags = phx-t
        unprivileged = 1
        rootfs = local-lvm:4
  a4 container.a: configure 101 on the node (only root may)  after a3
      pct set 101 --dev0 /dev/net/tun --dev1 /dev/nvidia0,mode=0666 --dev2 /dev/nvidia1,mode=0666 --dev3 /dev/nvidiactl,mode=0666 --dev4 /dev/nvidia-uvm,mode=0666 --dev5 /dev/nvidia-uvm-tools,mode=0666 --dev6 /dev/nvidia-modeset,mode=0666 --mp0 /tank/srv,mp=/srv
  a5 container.a: write raw lines of 101 on the node: 2 added, 0 removed  after a4
      /bin/sh -s -- 101 -
        standard input = (3989 bytes)
  a6 container.a: start 101  after a5
      POST /nodes/pve/lxc/101/status/start
  a7 container.a: note that 101 is complete  after a6
      PUT /nodes/pve/lxc/101/config
  a8 stack: give the lock of stack t back  after a7
      DELETE /pools/phx-lock-t

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 8 actions.
About ….
Promised to guests              before        after     there is
  pve memory                   0.0 GiB      0.5 GiB    128.0 GiB
  pve processors                     0            1           32
  pve local-lvm                0.0 GiB      4.0 GiB    800.0 GiB
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:2
    update
    ! RESTART: the guest is restarted for this
      lxc.apparmor.profile  unconfined → generated        main.phx:10
                            RESTART: raw lines are read when a container starts
      lxc.mount.entry       /dev/dri dev/dri none bind,optional,create=dir → (none)  main.phx:2
                            RESTART: raw lines are read when a container starts
      mount./srv.owner      100033 100033 0700 /tank/srv  main.phx:12
                            ids of the node, then the mode; set where it differs
      marker                old → written                 main.phx:2
      · directories of the node are made as root there, over the host channel
      · raw lines are written as root on the node, over the host channel

Actions:
  a1 stack: take the lock of stack t
      POST /pools
        poolid = phx-lock-t
        comment = (who and when)
  a2 container.a: the directory of the node that 101 mounts: made where missing, owner and mode where declared  after a1
      /bin/sh -s -- 100000 100000
        standard input = (1663 bytes)
  a3 container.a: write raw lines of 101 on the node: 1 added, 2 removed  after a2
      /bin/sh -s -- 101 DIGEST
        standard input = (4022 bytes)
  a4 container.a: configure 101  after a3
      PUT /nodes/pve/lxc/101/config
        digest = (read right before the call)
  a5 container.a: shut down 101  after a4
      POST /nodes/pve/lxc/101/status/shutdown
        timeout = 180
  a6 container.a: start 101  after a5
      POST /nodes/pve/lxc/101/status/start
  a7 stack: give the lock of stack t back  after a6
      DELETE /pools/phx-lock-t

! RESTART: container.a
Plan: 0 to create, 1 to update (1 restart), 0 to replace, 0 to delete; 7 actions.
About …; container.a is down for about ….
Promised to guests              before        after     there is
  pve memory                   0.5 GiB      0.5 GiB    128.0 GiB
  pve processors                     1            1           32
