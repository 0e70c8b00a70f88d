Cloud-init data that needs a file on the node, without a way there: refused; what an image needs is told.
-- args --
$ "$PHX" inventory --sim sim -o /dev/null main.phx
$ PHX_TOKEN=$(sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' sim/server.json) "$PHX" plan --set "url=$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' sim/server.json)" main.phx
$ PHX_TOKEN=$(sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' sim/server.json) "$PHX" plan --set "url=$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' sim/server.json)" --target vm.plain main.phx
-- file main.phx --
stack "t"
param url: string = "https://127.0.0.1:8006"
cluster c { endpoint = url; node = "pve"; token = env("PHX_TOKEN", "none") }
image noble { url = "https://example.com/noble.img" }
defaults vm {
  image = image.noble
  storage = "local-lvm"
  disk = 8GiB
}
vm plain { id = 101; user ada { ssh_keys = ["ssh-ed25519 AAAA ada"] } }
vm two {
  id = 102
  user ada {}
  user bob { sudo = false }
}
vm own { id = 103; cloud_init { network_data = "version: 2\n" } }
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ image.noble on pve  main.phx:4
    create
      url     https://example.com/noble.img
      volume  local:import/noble.qcow2 on pve

+ vm.plain  101 on pve  main.phx:10
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      user            ada
      options.scsihw  virtio-scsi-single
      user.ssh_keys   ssh-ed25519 AAAA ada
      cores           1 (Proxmox's default)
      disk.root       8GiB on local-lvm
      · the image must bring the guest agent: phx installs it where it has a host channel and a
        storage that takes snippets

+ vm.two  102 on pve  main.phx:11
    create of image.noble
      agent.enabled         true
      options.boot          order=scsi0
      options.scsihw        virtio-scsi-single
      cloud_init.user_data  local:snippets/t-102-user-fb015235121b.yaml
      cores                 1 (Proxmox's default)
      disk.root             8GiB on local-lvm

+ vm.own  103 on pve  main.phx:16
    create of image.noble
      agent.enabled            true
      options.boot             order=scsi0
      options.scsihw           virtio-scsi-single
      cloud_init.network_data  local:snippets/t-103-network-16e0d1afd6e9.yaml
      cores                    1 (Proxmox's default)
      disk.root                8GiB on local-lvm
      · the image must bring the guest agent: phx installs it where it has a host channel and a
        storage that takes snippets

Plan: 4 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.
Brought in because something selected needs it: image.noble

+ image.noble on pve  main.phx:4
    create
      url     https://example.com/noble.img
      volume  local:import/noble.qcow2 on pve

+ vm.plain  101 on pve  main.phx:10
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      user            ada
      options.scsihw  virtio-scsi-single
      user.ssh_keys   ssh-ed25519 AAAA ada
      cores           1 (Proxmox's default)
      disk.root       8GiB on local-lvm
      · the image must bring the guest agent: phx installs it where it has a host channel and a
        storage that takes snippets

Plan: 2 to create, 0 to update, 0 to replace, 0 to delete; 9 actions.
About …; longest chain: image.noble → vm.plain.
-- stderr --
error[PHX0640]: the cloud-init data of `vm.two` needs a file on node `pve`, and there is no channel to it
  --> main.phx:14:21
   |
14 |   user bob { sudo = false }
   |                     ^^^^^
   |
   = note: `sudo` of user `bob` is no option of the API
   = note: the API takes one user, and 2 are declared
   = help: give the cluster block a host channel: ssh { host = "…"; user = "root" }
   = help: or put a file of your own there, and name it: user_data = "local:snippets/FILE"
   = explain: run `phx explain PHX0640`

error[PHX0640]: the cloud-init data of `vm.own` needs a file on node `pve`, and there is no channel to it
  --> main.phx:16:48
   |
16 | vm own { id = 103; cloud_init { network_data = "version: 2\n" } }
   |                                                ^^^^^^^^^^^^^^
   |
   = note: the API cannot upload `cloud_init.network_data`
   = help: give the cluster block a host channel: ssh { host = "…"; user = "root" }
   = help: or put a file of your own there, and name it: user_data = "local:snippets/FILE"

-- exit --
0
1
0
