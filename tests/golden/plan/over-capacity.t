More than there is: told, refused where the configuration says so, and always refused where the space is not thin.
-- args --
plan --sim sim warn.phx
plan --sim sim deny.phx
plan --sim sim thick.phx
plan --sim sim cores.phx
-- file sim/cluster.json --
{"nodes": [{"name": "pve", "cores": 4, "memory": "8G"}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"},
              {"storage": "thin", "type": "lvmthin", "content": "images,rootdir", "size": "10G"},
              {"storage": "thick", "type": "lvm", "content": "images,rootdir", "size": "10G"}]}
-- file warn.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm big { id = 101; memory = 12GiB; storage = "thin"; disk = 20GiB; network { ip = dhcp } }
-- file deny.phx --
stack "t"
cluster c {
  endpoint = "https://127.0.0.1:8006"
  node     = "pve"
  capacity { excess = deny; storage = 3; memory = 1.25 }
}
vm big { id = 101; memory = 12GiB; storage = "thin"; disk = 20GiB; network { ip = dhcp } }
-- file thick.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; capacity { excess = ignore } }
vm big { id = 101; memory = 2GiB; storage = "thick"; disk = 20GiB; network { ip = dhcp } }
-- file cores.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm big { id = 101; memory = 2GiB; cores = 6; storage = "thin"; disk = 2GiB; network { ip = dhcp } }
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ vm.big  101 on pve  warn.phx:3
    create
      memory          12GiB
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       20GiB on thin
      network         vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)

+ vm.big  101 on pve  deny.phx:7
    create
      memory          12GiB
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       20GiB on thin
      network         vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

+ vm.big  101 on pve  thick.phx:3
    create
      memory          2GiB
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       20GiB on thick
      network         vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

+ vm.big  101 on pve  cores.phx:3
    create
      cores           6
      memory          2GiB
      options.scsihw  virtio-scsi-single
      disk.root       2GiB on thin
      network         vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
warning[PHX0661]: node `pve` would have promised more memory than it may
 --> warn.phx:2:1
  |
2 | cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
  | ^^^^^^^^^
  |
  = note: 0.0 GiB now, 12.0 GiB after this plan; there are 8.0 GiB, and the limit is 8.0 GiB
  = help: if that is meant, say so in the cluster block: capacity { memory = 1.6 }
  = explain: run `phx explain PHX0661`

warning[PHX0661]: storage `thin` would have promised more space than it may
 --> warn.phx:2:1
  |
2 | cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
  | ^^^^^^^^^
  |
  = note: 0.0 GiB now, 20.0 GiB after this plan; there are 10.0 GiB, and the limit is 10.0 GiB
  = help: if that is meant, say so in the cluster block: capacity { storage = 2.0 }

error[PHX0662]: node `pve` would have promised more memory than it may
 --> deny.phx:5:3
  |
5 |   capacity { excess = deny; storage = 3; memory = 1.25 }
  |   ^^^^^^^^
  |
  = note: 0.0 GiB now, 12.0 GiB after this plan; there are 8.0 GiB, and the limit is 10.0 GiB
  = help: if that is meant, say so in the cluster block: capacity { memory = 1.6 }
  = explain: run `phx explain PHX0662`

error[PHX0662]: storage `thick` would have promised more space than it has
 --> thick.phx:2:64
  |
2 | cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; capacity { excess = ignore } }
  |                                                                ^^^^^^^^
  |
  = note: 0.0 GiB now, 20.0 GiB after this plan; there are 10.0 GiB, and the limit is 10.0 GiB
  = help: free some, or put disks on another storage
  = explain: run `phx explain PHX0662`

error[PHX0665]: `vm.big` shall have 6 processors, and node `pve` has 4
 --> cores.phx:3:1
  |
3 | vm big { id = 101; memory = 2GiB; cores = 6; storage = "thin"; disk = 2GiB; network { ip = dhcp } }
  | ^^^^^^
  |
  = note: Proxmox does not start a VM with more than its node has
  = explain: run `phx explain PHX0665`

-- exit --
0
1
1
1
