The least privileges for a configuration, without asking any cluster and without its credentials.
-- args --
plan --permissions main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = env("PHX_NOT_SET") }
image n { url = "https://example.org/n.qcow2"; storage = "local" }
vm base { id = 100; template = true; image = image.n; storage = "ssd"; disk = 8GiB; network { ip = dhcp } }
vm web { id = 101; clone = vm.base; memory = 2GiB; startup { order = 1 }; network { ip = 10.0.0.9/24; vlan = 12 } }
container a {
  id = 102
  memory = 512MiB
  ostemplate = "local:vztmpl/d.tar.zst"
  rootfs = "local:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.10/24; gw = 10.0.0.1 }
}
-- stdout --
# What this configuration needs, and no more. On a node, as root:

pveum role add phx-t-cluster --privs 'Sys.Audit Sys.Modify'
pveum role add phx-t-pool --privs 'Pool.Allocate Pool.Audit'
pveum role add phx-t-network --privs 'SDN.Use'
pveum role add phx-t-storage --privs 'Datastore.AllocateSpace Datastore.AllocateTemplate Datastore.Audit'
pveum role add phx-t-storage-2 --privs 'Datastore.AllocateSpace Datastore.Audit'
pveum role add phx-t-look --privs 'VM.Audit'
pveum role add phx-t-vm --privs 'VM.Allocate VM.Audit VM.Clone VM.Config.Disk VM.Config.HWType VM.Config.Memory VM.Config.Network VM.Config.Options VM.Monitor VM.PowerMgmt'

pveum acl modify / --users 'USER@REALM' --roles phx-t-cluster
pveum acl modify / --tokens 'USER@REALM!TOKEN' --roles phx-t-cluster
pveum acl modify /pool/phx-lock-t --users 'USER@REALM' --roles phx-t-pool
pveum acl modify /pool/phx-lock-t --tokens 'USER@REALM!TOKEN' --roles phx-t-pool
pveum acl modify /sdn/zones/localnetwork/vmbr0 --users 'USER@REALM' --roles phx-t-network
pveum acl modify /sdn/zones/localnetwork/vmbr0 --tokens 'USER@REALM!TOKEN' --roles phx-t-network
pveum acl modify /sdn/zones/localnetwork/vmbr0/12 --users 'USER@REALM' --roles phx-t-network
pveum acl modify /sdn/zones/localnetwork/vmbr0/12 --tokens 'USER@REALM!TOKEN' --roles phx-t-network
pveum acl modify /storage/local --users 'USER@REALM' --roles phx-t-storage
pveum acl modify /storage/local --tokens 'USER@REALM!TOKEN' --roles phx-t-storage
pveum acl modify /storage/ssd --users 'USER@REALM' --roles phx-t-storage-2
pveum acl modify /storage/ssd --tokens 'USER@REALM!TOKEN' --roles phx-t-storage-2
pveum acl modify /vms --users 'USER@REALM' --roles phx-t-look
pveum acl modify /vms --tokens 'USER@REALM!TOKEN' --roles phx-t-look
pveum acl modify /vms/100 --users 'USER@REALM' --roles phx-t-vm
pveum acl modify /vms/100 --tokens 'USER@REALM!TOKEN' --roles phx-t-vm
pveum acl modify /vms/101 --users 'USER@REALM' --roles phx-t-vm
pveum acl modify /vms/101 --tokens 'USER@REALM!TOKEN' --roles phx-t-vm
pveum acl modify /vms/102 --users 'USER@REALM' --roles phx-t-vm
pveum acl modify /vms/102 --tokens 'USER@REALM!TOKEN' --roles phx-t-vm

# `pveum role modify` where a role is there already. Moving guests between nodes takes VM.Migrate as well.
# A token with privilege separation has what both it and its user have: so each line stands twice.
