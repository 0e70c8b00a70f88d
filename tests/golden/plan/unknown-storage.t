A storage that the cluster does not have.
-- args --
plan --sim sim main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "fast:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB (Proxmox's default)
      rootfs   4GiB on fast
      network  vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0616]: node `pve` has no storage `fast` (for `container.a`)
 --> main.phx:6:12
  |
6 |   rootfs = "fast:4"
  |            ^^^^^^^^
  |
  = note: `fastData-shared-bulk-data` takes such disks
  = note: `fastData-shared-test-data` takes such disks
  = note: `local` takes such disks
  = note: `local-lvm` takes such disks
  = note: `quickOS-lxc-disks` takes such disks
  = note: `quickOS-lxc-persistent-data` takes such disks
  = note: `quickOS-shared-prod-data` takes such disks
  = note: `quickOS-vm-persistent-data` takes such disks
  = explain: run `phx explain PHX0616`

-- exit --
1
