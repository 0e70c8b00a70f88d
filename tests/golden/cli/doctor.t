Everything there; then a token, storages, bridges and a node that are not as they should be.
-- args --
doctor --sim good good.phx
doctor --sim good --json good.phx
doctor --sim bad empty.phx
$ sed -i 's/"token": *"[^"]*"/"token": "ci@pve!ci=00000000-0000-0000-0000-000000000001"/' bad/server.json
doctor --sim bad bad.phx
doctor --sim good big.phx
$ "$PHX" doctor unreachable.phx | sed "s/: Failed to.*//"
-- file good/cluster.json --
{"nodes": [{"name": "pve", "bridges": ["vmbr0"], "cores": 8, "memory": "32G"}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"}]}
-- file bad/cluster.json --
{"nodes": [{"name": "pve", "bridges": ["vmbr0"], "cores": 8, "memory": "32G"}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl", "size": "100G"}],
 "users": [{"userid": "ci@pve"}],
 "tokens": [{"tokenid": "ci@pve!ci", "secret": "00000000-0000-0000-0000-000000000001", "privsep": 0}],
 "roles": {"Look": "VM.Audit,Sys.Audit,Datastore.Audit,Pool.Audit,SDN.Audit"},
 "acl": [{"path": "/", "type": "user", "ugid": "ci@pve", "roleid": "Look", "propagate": 1}]}
-- file good.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm a { id = 101; memory = 1GiB; storage = "local"; disk = 2GiB; network { bridge = "vmbr0"; ip = dhcp } }
-- file big.phx --
stack "big"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm a { id = 201; memory = 64GiB; cores = 16; storage = "local"; disk = 500GiB; network { bridge = "vmbr0"; ip = dhcp } }
-- file empty.phx --
stack "none"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
-- file bad.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm a { id = 101; memory = 1GiB; storage = "local"; disk = 2GiB; network { bridge = "vmbr7"; ip = dhcp } }
vm b { id = 102; node = "elsewhere"; memory = 1GiB; storage = "fast"; disk = 2GiB; network { bridge = "vmbr0"; ip = dhcp } }
-- file unreachable.phx --
stack "t"
cluster c { endpoint = "http://127.0.0.1:1"; node = "pve"; token = secret("root@pam!x=00000000-0000-0000-0000-000000000000") }
-- stdout --
ok       configuration stack t: 1 guest
ok       connection    http://127.0.0.1:PORT answers, as root@pam!sim
ok       TLS           not needed: the connection does not leave this machine
ok       version       Proxmox VE 8.4.1
ok       quorum        cluster pve is quorate
ok       node          pve: 8 processors, 32.0 GiB, of which 6 % are in use
ok       clock         node pve has the same time
ok       privileges    all 12 that this configuration takes are there
ok       storage       local on pve takes `images`, 100.0 GiB are free
ok       room          the nodes and storages have it for all that is declared
ok       bridge        vmbr0 on pve

Everything is there that this configuration needs.
{
  "format": "phx-doctor/1",
  "checks": [
    {
      "name": "configuration",
      "state": "ok",
      "text": "stack t: 1 guest",
      "do": []
    },
    {
      "name": "connection",
      "state": "ok",
      "text": "http://127.0.0.1:PORT answers, as root@pam!sim",
      "do": []
    },
    {
      "name": "TLS",
      "state": "ok",
      "text": "not needed: the connection does not leave this machine",
      "do": []
    },
    {
      "name": "version",
      "state": "ok",
      "text": "Proxmox VE 8.4.1",
      "do": []
    },
    {
      "name": "quorum",
      "state": "ok",
      "text": "cluster pve is quorate",
      "do": []
    },
    {
      "name": "node",
      "state": "ok",
      "text": "pve: 8 processors, 32.0 GiB, of which 6 % are in use",
      "do": []
    },
    {
      "name": "clock",
      "state": "ok",
      "text": "node pve has the same time",
      "do": []
    },
    {
      "name": "privileges",
      "state": "ok",
      "text": "all 12 that this configuration takes are there",
      "do": []
    },
    {
      "name": "storage",
      "state": "ok",
      "text": "local on pve takes `images`, 100.0 GiB are free",
      "do": []
    },
    {
      "name": "room",
      "state": "ok",
      "text": "the nodes and storages have it for all that is declared",
      "do": []
    },
    {
      "name": "bridge",
      "state": "ok",
      "text": "vmbr0 on pve",
      "do": []
    }
  ],
  "warnings": 0,
  "errors": 0
}
ok       configuration stack none: 0 guests
ok       connection    http://127.0.0.1:PORT answers, as root@pam!sim
ok       TLS           not needed: the connection does not leave this machine
ok       version       Proxmox VE 8.4.1
ok       quorum        cluster pve is quorate
ok       node          pve: 8 processors, 32.0 GiB, of which 6 % are in use
ok       clock         node pve has the same time
ok       privileges    this configuration takes none
ok       room          the nodes and storages have it for all that is declared

Everything is there that this configuration needs.
ok       configuration stack t: 2 guests
ok       connection    http://127.0.0.1:PORT answers, as ci@pve!ci
ok       TLS           not needed: the connection does not leave this machine
ok       version       Proxmox VE 8.4.1
ok       quorum        cluster pve is quorate
error    node          the cluster has no node `elsewhere`
           do: correct `node` in the configuration
ok       node          pve: 8 processors, 32.0 GiB, of which 6 % are in use
ok       clock         node pve has the same time
error    privileges    19 that this configuration takes are missing
           do: pveum acl modify /pool/phx-lock-t --tokens 'ci@pve!ci' --roles PVEPoolAdmin   # Pool.Allocate
           do: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMAdmin   # VM.Allocate, VM.Config.Options, VM.Config.Memory, VM.Config.HWType, VM.Config.Network
           do: pveum acl modify /storage/local --tokens 'ci@pve!ci' --roles PVEDatastoreUser   # Datastore.AllocateSpace
           do: pveum acl modify /sdn/zones/localnetwork/vmbr7 --tokens 'ci@pve!ci' --roles PVESDNUser   # SDN.Use
           do: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMUser   # VM.Config.Cloudinit|VM.Config.Network, VM.PowerMgmt
           do: pveum acl modify /vms/102 --tokens 'ci@pve!ci' --roles PVEVMAdmin   # VM.Allocate, VM.Config.Options, VM.Config.Memory, VM.Config.HWType, VM.Config.Network
           do: pveum acl modify /storage/fast --tokens 'ci@pve!ci' --roles PVEDatastoreUser   # Datastore.AllocateSpace
           do: pveum acl modify /sdn/zones/localnetwork/vmbr0 --tokens 'ci@pve!ci' --roles PVESDNUser   # SDN.Use
           do: pveum acl modify /vms/102 --tokens 'ci@pve!ci' --roles PVEVMUser   # VM.Config.Cloudinit|VM.Config.Network, VM.PowerMgmt
error    storage       local on pve does not take `images` (for vm.a)
           do: pvesm set local --content iso,vztmpl,images
error    storage       node elsewhere has no storage `fast`, or it may not be seen
           do: needed by vm.b: make it, or name another one; what there is: pvesm status
warning  room          a plan from where the cluster is now is refused
           do: phx plan
error    bridge        node pve has no bridge `vmbr7`
           do: needed by vm.a; there are: vmbr0
warning  bridge        vmbr0 on elsewhere: the node lists no bridges

5 of 14 checks failed; 2 warnings.
ok       configuration stack big: 1 guest
ok       connection    http://127.0.0.1:PORT answers, as root@pam!sim
ok       TLS           not needed: the connection does not leave this machine
ok       version       Proxmox VE 8.4.1
ok       quorum        cluster pve is quorate
ok       node          pve: 8 processors, 32.0 GiB, of which 6 % are in use
ok       clock         node pve has the same time
ok       privileges    all 13 that this configuration takes are there
ok       storage       local on pve takes `images`, 100.0 GiB are free
warning  room          node `pve` would have promised more memory than it may: 0.0 GiB now, 64.0 GiB after this plan; there are 32.0 GiB, and the limit is 32.0 GiB
           do: if that is meant, say so in the cluster block: capacity { memory = 2.0 }
warning  room          storage `local` would have promised more space than it may: 0.0 GiB now, 500.0 GiB after this plan; there are 100.0 GiB, and the limit is 100.0 GiB
           do: if that is meant, say so in the cluster block: capacity { storage = 5.0 }
error    room          `vm.a` shall have 16 processors, and node `pve` has 8: Proxmox does not start a VM with more than its node has
ok       bridge        vmbr0 on pve

1 of 13 checks failed; 2 warnings.
ok       configuration stack t: 0 guests
error    connection    cannot connect to http://127.0.0.1:PORT
           do: is the server running (systemctl status pveproxy), and its port reachable from here?

1 of 2 checks failed.
-- exit --
0
0
0
0
1
1
0
