No storage takes snippets: data of one's own is refused, and an image must bring the agent.
-- args --
plan --sim sim main.phx
plan --sim sim --target vm.plain main.phx
-- file sim/cluster.json --
{"nodes": [{"name": "pve"}], "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G",
 "content": "iso,vztmpl,backup,import,images"}], "images": []}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
image noble { url = "https://example.com/noble.img" }
vm plain { id = 101; image = image.noble; storage = "local"; disk = 8GiB; network { ip = dhcp } }
vm own { id = 102; image = image.noble; storage = "local"; disk = 8GiB; cloud_init { user_data = "#cloud-config\na: 1\n" } }
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ image.noble on pve  main.phx:3
    create
      url     https://example.com/noble.img
      volume  local:import/noble.qcow2 on pve

+ vm.plain  101 on pve  main.phx:4
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       8GiB on local
      network         vmbr0, dhcp
      · the image must bring the guest agent: phx installs it where it has a host channel and a
        storage that takes snippets

+ vm.own  102 on pve  main.phx:5
    create of image.noble
      agent.enabled         true
      options.boot          order=scsi0
      options.scsihw        virtio-scsi-single
      cloud_init.user_data  local:snippets/t-102-user-b6ac76ac6cae.yaml
      cores                 1 (Proxmox's default)
      disk.root             8GiB on local

Plan: 3 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.
Brought in because something selected needs it: image.noble

+ image.noble on pve  main.phx:3
    create
      url     https://example.com/noble.img
      volume  local:import/noble.qcow2 on pve

+ vm.plain  101 on pve  main.phx:4
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       8GiB on local
      network         vmbr0, dhcp
      · the image must bring the guest agent: phx installs it where it has a host channel and a
        storage that takes snippets

Plan: 2 to create, 0 to update, 0 to replace, 0 to delete; 9 actions.
About …; longest chain: image.noble → vm.plain.
-- stderr --
error[PHX0641]: no storage of node `pve` takes snippets (for the cloud-init data of `vm.own`)
 --> main.phx:5:98
  |
5 | vm own { id = 102; image = image.noble; storage = "local"; disk = 8GiB; cloud_init { user_data = "#cloud-config\na: 1\n" } }
  |                                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: the API cannot upload `cloud_init.user_data`
  = help: allow them on one, such as `local`: pvesm set local --content iso,vztmpl,backup,snippets
  = explain: run `phx explain PHX0641`

-- exit --
1
0
