A bridge that the node does not have, an image that it cannot reach, a name that somebody else has.
-- args --
plan --sim sim bridge.phx
plan --sim sim image.phx
plan --sim sim name.phx
-- file sim/cluster.json --
{"nodes": [{"name": "pve", "bridges": ["vmbr0", "vmbr1"]}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"}],
 "images": [{"match": "missing", "status": 404}],
 "guests": [{"vmid": 900, "kind": "qemu", "node": "pve", "conf": {"name": "web", "memory": "512"}}]}
-- file bridge.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm a { id = 101; memory = 1GiB; storage = "local"; disk = 2GiB; network { bridge = "vmbr10"; ip = dhcp } }
-- file image.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
image n { url = "https://example.org/missing.qcow2"; storage = "local" }
vm a { id = 101; memory = 1GiB; image = image.n; storage = "local"; disk = 2GiB; network { ip = dhcp } }
-- file name.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm web { id = 101; memory = 1GiB; storage = "local"; disk = 2GiB; network { ip = dhcp } }
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ vm.a  101 on pve  bridge.phx:3
    create
      memory          1GiB
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       2GiB on local
      network         vmbr10, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

+ image.n on pve  image.phx:3
    create
      url     https://example.org/missing.qcow2
      volume  local:import/missing.qcow2 on pve

+ vm.a  101 on pve  image.phx:4
    create of image.n
      agent.enabled   true
      options.boot    order=scsi0
      memory          1GiB
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       2GiB on local
      network         vmbr0, dhcp
      · the image must bring the guest agent: phx installs it where it has a host channel and a
        storage that takes snippets

Plan: 2 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

+ vm.web  101 on pve  name.phx:3
    create
      memory          1GiB
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       2GiB on local
      network         vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
-- stderr --
error[PHX0663]: node `pve` has no bridge `vmbr10` (for `vm.a`)
 --> bridge.phx:3:65
  |
3 | vm a { id = 101; memory = 1GiB; storage = "local"; disk = 2GiB; network { bridge = "vmbr10"; ip = dhcp } }
  |                                                                 ^^^^^^^
  |
  = note: there is `vmbr0`
  = note: there is `vmbr1`
  = note: Proxmox looks only when the guest starts, and then it does not start
  = help: did you mean `vmbr0`?
  = explain: run `phx explain PHX0663`

error[PHX0664]: node `pve` cannot download https://example.org/missing.qcow2
 --> image.phx:3:1
  |
3 | image n { url = "https://example.org/missing.qcow2"; storage = "local" }
  | ^^^^^^^
  |
  = note: it says: invalid server response: '404'
  = help: see whether the address is right: curl -I https://example.org/missing.qcow2
  = explain: run `phx explain PHX0664`

warning[PHX0666]: vm 900, which is not of this stack, has the name `web` already
 --> name.phx:3:1
  |
3 | vm web { id = 101; memory = 1GiB; storage = "local"; disk = 2GiB; network { ip = dhcp } }
  | ^^^^^^
  |
  = note: `vm.web` (101) would be a second one
  = help: give it another one: name = "…"
  = explain: run `phx explain PHX0666`

-- exit --
1
1
0
