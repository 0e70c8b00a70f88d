A command in a VM whose agent does not answer: it is waited for as long as the configuration says, and said what is seen. One whose agent is
off is refused at once.
-- args --
$ "$PHX" exec --sim sim vm.silent -- true 2>&1 >/dev/null | sed 's/within [0-9]* s/within N s/'
$ "$PHX" logs --sim sim vm.silent 2>&1 | sed 's/within [0-9]* s/within N s/'
exec --sim sim vm.off -- true
-- file sim/cluster.json --
{
 "nodes": [{"name": "pve"}],
 "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G", "content": "iso,vztmpl,backup,import,snippets,images"}],
 "volumes": [
  {"volid": "local:101/vm-101-disk-0.qcow2", "size": "8G", "format": "qcow2", "os": {"agent": false}},
  {"volid": "local:102/vm-102-disk-0.qcow2", "size": "8G", "format": "qcow2", "os": {"agent": true}}
 ],
 "guests": [
  {"vmid": 101, "kind": "qemu", "running": true, "conf": {"name": "silent", "agent": "enabled=1", "scsi0": "local:101/vm-101-disk-0.qcow2,size=8G", "tags": "phx-t", "description": "<!-- phx:1 stack=t address=vm.silent id=101 -->"}},
  {"vmid": 102, "kind": "qemu", "running": true, "conf": {"name": "off", "scsi0": "local:102/vm-102-disk-0.qcow2,size=8G", "tags": "phx-t", "description": "<!-- phx:1 stack=t address=vm.off id=102 -->"}}
 ]
}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm silent { id = 101; storage = "local"; disk = 8GiB; agent { enabled = true; timeout = 2s } }
vm off { id = 102; storage = "local"; disk = 8GiB }
-- stdout --
waiting: QEMU guest agent is not running
phx: the guest agent did not answer within N s; last seen: QEMU guest agent is not running
  hint: look at its console (qm terminal 101 on the node, or the web interface). When `qm agent 101 ping` answers, try again; if it only needs longer: timeouts { agent = 10m }
waiting: QEMU guest agent is not running
phx: the guest agent did not answer within N s; last seen: QEMU guest agent is not running
  hint: look at its console (qm terminal 101 on the node, or the web interface). When `qm agent 101 ping` answers, try again; if it only needs longer: timeouts { agent = 10m }
-- stderr --
phx: No QEMU guest agent configured
  hint: say `agent { enabled = true }` in the vm block; it works from the next start on
-- exit --
0
0
1
