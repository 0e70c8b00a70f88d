What the token may not do is found before anything is sent, with the commands that grant it.
-- args --
plan --sim sim empty.phx
$ sed -i 's/"token": *"[^"]*"/"token": "ci@pve!ci=00000000-0000-0000-0000-000000000001"/' sim/server.json
plan --sim sim main.phx
apply --sim sim --yes main.phx
$ "$PHX" plan --sim sim --json main.phx | sed -n "/\"permissions\"/,/^  },/p"
-- file sim/cluster.json --
{"nodes": [{"name": "pve"}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"}],
 "volumes": [{"volid": "local:vztmpl/d.tar.zst", "size": "100M"}],
 "users": [{"userid": "ci@pve"}],
 "tokens": [{"tokenid": "ci@pve!ci", "secret": "00000000-0000-0000-0000-000000000001", "privsep": 0}],
 "roles": {"Look": "VM.Audit,Sys.Audit,Datastore.Audit,Pool.Allocate,VM.Allocate"},
 "acl": [{"path": "/", "type": "user", "ugid": "ci@pve", "roleid": "Look", "propagate": 1}]}
-- file empty.phx --
stack "none"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/d.tar.zst"
  rootfs = "local:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
-- stdout --
Stack none on cluster pve (http://127.0.0.1:PORT)

No changes. 0 resources are as declared.
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/d.tar.zst
      memory        512MiB
      unprivileged  true
      rootfs        4GiB on local
      network       vmbr0, 10.0.0.9/24 via 10.0.0.1

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/d.tar.zst
      memory        512MiB
      unprivileged  true
      rootfs        4GiB on local
      network       vmbr0, 10.0.0.9/24 via 10.0.0.1

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
  "permissions": {
    "identity": "ci@pve!ci",
    "checked": true,
    "needed": 12,
    "missing": [
      {
        "path": "/vms/101",
        "privilege": "VM.Config.Network",
        "role": "PVEVMAdmin",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/vms/101",
        "privilege": "VM.Config.Options",
        "role": "PVEVMAdmin",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/vms/101",
        "privilege": "VM.Config.Memory",
        "role": "PVEVMAdmin",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/vms/101",
        "privilege": "VM.Config.Disk",
        "role": "PVEVMAdmin",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/storage/local",
        "privilege": "Datastore.AllocateSpace",
        "role": "PVEDatastoreUser",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/sdn/zones/localnetwork/vmbr0",
        "privilege": "SDN.Use",
        "role": "PVESDNUser",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/vms/101",
        "privilege": "VM.PowerMgmt",
        "role": "PVEVMUser",
        "addresses": [
          "container.a"
        ]
      }
    ]
  },
-- stderr --
error[PHX0660]: `ci@pve!ci` lacks on /sdn/zones/localnetwork/vmbr0: SDN.Use
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /sdn/zones/localnetwork/vmbr0 --tokens 'ci@pve!ci' --roles PVESDNUser (a token with privilege separation needs it, and so does its user ci@pve)
  = explain: run `phx explain PHX0660`

error[PHX0660]: `ci@pve!ci` lacks on /storage/local: Datastore.AllocateSpace
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /storage/local --tokens 'ci@pve!ci' --roles PVEDatastoreUser (a token with privilege separation needs it, and so does its user ci@pve)

error[PHX0660]: `ci@pve!ci` lacks on /vms/101: VM.Config.Network, VM.Config.Options, VM.Config.Memory, VM.Config.Disk, VM.PowerMgmt
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMAdmin (a token with privilege separation needs it, and so does its user ci@pve)
  = help: grant it on a node with: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMUser (a token with privilege separation needs it, and so does its user ci@pve)

error[PHX0660]: `ci@pve!ci` lacks on /sdn/zones/localnetwork/vmbr0: SDN.Use
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /sdn/zones/localnetwork/vmbr0 --tokens 'ci@pve!ci' --roles PVESDNUser (a token with privilege separation needs it, and so does its user ci@pve)
  = explain: run `phx explain PHX0660`

error[PHX0660]: `ci@pve!ci` lacks on /storage/local: Datastore.AllocateSpace
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /storage/local --tokens 'ci@pve!ci' --roles PVEDatastoreUser (a token with privilege separation needs it, and so does its user ci@pve)

error[PHX0660]: `ci@pve!ci` lacks on /vms/101: VM.Config.Network, VM.Config.Options, VM.Config.Memory, VM.Config.Disk, VM.PowerMgmt
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMAdmin (a token with privilege separation needs it, and so does its user ci@pve)
  = help: grant it on a node with: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMUser (a token with privilege separation needs it, and so does its user ci@pve)

-- exit --
0
0
1
1
0
