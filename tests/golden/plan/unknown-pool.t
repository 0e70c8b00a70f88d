A pool that the cluster does not have.
-- args --
plan --sim sim main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  pool = "web"
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB (Proxmox's default)
      rootfs   4GiB on local-lvm
      network  vmbr0, dhcp
      pool     web

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0617]: there is no pool `web` (for `container.a`)
 --> main.phx:5:10
  |
5 |   pool = "web"
  |          ^^^^^
  |
  = help: declare it: pool web {}
  = explain: run `phx explain PHX0617`

-- exit --
1
