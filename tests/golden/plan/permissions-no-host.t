Privileges can be told also where the cluster block has no way to run commands on a node.
-- args --
plan --permissions main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://10.0.0.13:8006"; node = "pve"; token = secret("a@pam!b=unused-secret") }
container a {
  id = 101
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs = "local-lvm:4"
  features = [feature.base-setup]
}
-- stdout --
# What this configuration needs, and no more. On a node, as root:

pveum role add phx-t-cluster --privs 'Sys.Audit'
pveum role add phx-t-pool --privs 'Pool.Allocate Pool.Audit'
pveum role add phx-t-storage --privs 'Datastore.AllocateSpace Datastore.AllocateTemplate Datastore.Audit'
pveum role add phx-t-storage-2 --privs 'Datastore.AllocateSpace Datastore.Audit'
pveum role add phx-t-look --privs 'VM.Audit'
pveum role add phx-t-vm --privs 'VM.Allocate VM.Audit VM.Config.Disk VM.Config.Network VM.Config.Options VM.PowerMgmt'

pveum acl modify / --users 'a@pam' --roles phx-t-cluster
pveum acl modify / --tokens 'a@pam!b' --roles phx-t-cluster
pveum acl modify /pool/phx-lock-t --users 'a@pam' --roles phx-t-pool
pveum acl modify /pool/phx-lock-t --tokens 'a@pam!b' --roles phx-t-pool
pveum acl modify /storage/local --users 'a@pam' --roles phx-t-storage
pveum acl modify /storage/local --tokens 'a@pam!b' --roles phx-t-storage
pveum acl modify /storage/local-lvm --users 'a@pam' --roles phx-t-storage-2
pveum acl modify /storage/local-lvm --tokens 'a@pam!b' --roles phx-t-storage-2
pveum acl modify /vms --users 'a@pam' --roles phx-t-look
pveum acl modify /vms --tokens 'a@pam!b' --roles phx-t-look
pveum acl modify /vms/101 --users 'a@pam' --roles phx-t-vm
pveum acl modify /vms/101 --tokens 'a@pam!b' --roles phx-t-vm

# `pveum role modify` where a role is there already. Moving guests between nodes takes VM.Migrate as well.
# A token with privilege separation has what both it and its user have: so each line stands twice.
