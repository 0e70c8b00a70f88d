What only root on the node can do, without a way there: refused, with the lines that ask for it.
-- args --
$ "$PHX" inventory --sim sim -o /dev/null main.phx
$ PHX_TOKEN=$(sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' sim/server.json) "$PHX" plan --set "url=$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' sim/server.json)" main.phx
-- file main.phx --
stack "t"
param url: string = "https://127.0.0.1:8006"
cluster c { endpoint = url; node = "pve"; token = env("PHX_TOKEN", "none") }
container a {
  id = 101
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  gpu = [0]
  idmap = { "1000" = 1000 }
  lxc { "lxc.apparmor.profile" = "unconfined" }
  mount "/srv" { source = "/tank/srv"; owner = "33:33"; mode = 0750 }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:4
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      gpu                   /dev/nvidia0,mode=0666
      gpu                   /dev/nvidiactl,mode=0666
      gpu                   /dev/nvidia-uvm,mode=0666
      gpu                   /dev/nvidia-uvm-tools,mode=0666
      gpu                   /dev/nvidia-modeset,mode=0666
      unprivileged          true
      lxc.apparmor.profile  unconfined
      lxc.idmap             u 0 100000 1000
      lxc.idmap             u 1000 1000 1
      lxc.idmap             u 1001 101001 64535
      lxc.idmap             g 0 100000 1000
      lxc.idmap             g 1000 1000 1
      lxc.idmap             g 1001 101001 64535
      memory                512MiB (Proxmox's default)
      mount./srv            /tank/srv
      rootfs                4GiB on local-lvm

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0615]: only root@pam itself may set `gpu` of `container.a`
 --> main.phx:9:10
  |
9 |   gpu = [0]
  |          ^
  |
  = note: Proxmox refuses it to every API token, `root@pam!sim` too
  = help: give the cluster block a host channel: ssh { host = "…"; user = "root" }
  = help: or log in as root@pam with its password instead of a token
  = explain: run `phx explain PHX0615`

error[PHX0640]: `container.a` needs a command on node `pve`, and there is no channel to it
  --> main.phx:11:34
   |
11 |   lxc { "lxc.apparmor.profile" = "unconfined" }
   |                                  ^^^^^^^^^^^^
   |
   = note: to be written: lxc.apparmor.profile: unconfined
   = note: to be written: lxc.idmap: u 0 100000 1000
   = note: to be written: lxc.idmap: u 1000 1000 1
   = note: to be written: lxc.idmap: u 1001 101001 64535
   = note: to be written: lxc.idmap: g 0 100000 1000
   = note: to be written: lxc.idmap: g 1000 1000 1
   = note: to be written: lxc.idmap: g 1001 101001 64535
   = note: to be given owner and mode: /tank/srv
   = help: give the cluster block a host channel: ssh { host = "…"; user = "root" }; or run phx on the node
   = explain: run `phx explain PHX0640`

error[PHX0615]: only root@pam itself may set `mount./srv` of `container.a`
  --> main.phx:12:3
   |
12 |   mount "/srv" { source = "/tank/srv"; owner = "33:33"; mode = 0750 }
   |   ^^^^^^^^^^^^
   |
   = note: Proxmox refuses it to every API token, `root@pam!sim` too
   = help: give the cluster block a host channel: ssh { host = "…"; user = "root" }
   = help: or log in as root@pam with its password instead of a token

-- exit --
0
1
