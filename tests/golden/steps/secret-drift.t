A file with a secret in it that was written over in the guest: --refresh-guests sees it, and its sum is nowhere in the open.
-- args --
$ "$PHX" apply --sim sim --sim-guests tree --yes main.phx 2>/dev/null | grep Apply
plan --sim sim --sim-guests tree --refresh-guests main.phx
$ "$PHX" exec --sim sim --sim-guests tree vm.web -- sh -c "echo bad >/etc/secret"
plan --sim sim --sim-guests tree --refresh-guests --trace trace main.phx
$ grep -c "$(printf correct-horse | sha256sum | cut -c 1-16)" trace
$ "$PHX" apply --sim sim --sim-guests tree --yes --refresh-guests main.phx 2>/dev/null | grep "Apply\|No changes"
$ "$PHX" exec --sim sim --sim-guests tree vm.web -- cat /etc/secret
-- needs --
trees
-- file sim/cluster.json --
{
 "nodes": [{"name": "pve"}],
 "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G", "content": "iso,vztmpl,backup,import,snippets,images"}],
 "volumes": [
  {"volid": "local:101/vm-101-disk-0.qcow2", "size": "8G", "format": "qcow2", "os": {"agent": true}},
  {"volid": "local:101/vm-101-cloudinit.qcow2", "size": "4M", "format": "qcow2"}
 ],
 "guests": [
  {"vmid": 101, "kind": "qemu", "conf": {"name": "web", "agent": "enabled=1", "scsi0": "local:101/vm-101-disk-0.qcow2,size=8G", "boot": "order=scsi0", "scsihw": "virtio-scsi-single", "ide2": "local:101/vm-101-cloudinit.qcow2,media=cdrom,size=4M", "net0": "virtio=02:5F:1E:80:26:C1,bridge=vmbr0", "ipconfig0": "ip=dhcp", "tags": "phx-t", "description": "<!-- phx:1 stack=t address=vm.web id=101 building -->"}}
 ]
}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm web {
  id = 101
  storage = "local"
  disk = 8GiB
  agent { enabled = true }
  network { ip = dhcp; mac = 02:5F:1E:80:26:C1 }
  file "/etc/secret" { content = secret("correct-horse") }
}
-- stdout --
Apply complete: 8 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.web  101 on pve  main.phx:3
    update
      file./etc/secret  0fa5d00ade76 → 0fa5d00ade76  main.phx:9
                        changed inside the guest: its content
      · inside, by the guest agent: file /etc/secret

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 5 actions.
About ….
0
Apply complete: 5 done; 0.0 s
(secret)
\ no new line at the end
-- exit --
0
0
0
0
1
0
0
