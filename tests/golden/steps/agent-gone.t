The guest agent dies in the middle of a feature and does not come back in time: what was begun goes on in the guest; when the agent is
back, the next apply takes its end for what it is.
-- args --
$ "$PHX" apply --sim sim --sim-guests tree --sim-faults faults.json --yes main.phx 2>&1 | sed -n "/ start .*feature base/,\$p"
$ until "$PHX" exec --sim sim --sim-guests tree vm.web -- true 2>/dev/null; do sleep 1; done
$ "$PHX" apply --sim sim --sim-guests tree --yes main.phx 2>&1 | sed -n "/ inside, /p; / start .* a[4-9] /,\$p"
apply --sim sim --sim-guests tree --yes main.phx
exec --sim sim --sim-guests tree vm.web -- cat /root/did
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
-- file faults.json --
{"faults": [{"match": {"method": "GET", "path": "/agent/file-read$"}, "agent_dies": {"vmid": 101, "seconds": 20}}]}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
feature base { script = "base.sh" }
feature app { script = "app.sh"; needs = [feature.base]; timeout = 20s }
vm web {
  id = 101
  storage = "local"
  disk = 8GiB
  agent { enabled = true }
  network { ip = dhcp; mac = 02:5F:1E:80:26:C1 }
  features = [feature.app]
  script last { content = "echo last >>/root/did" }
  timeouts { agent = 2s }
}
-- file base.sh --
echo base >>/root/did
-- file app.sh --
echo begun >>/root/did
echo "unpacking"
sleep 3
echo ended >>/root/did
-- stdout --
     0.0s start     a6 vm.web: feature base in 101
     0.0s done      a6 vm.web: feature base in 101 (0.0 s)
     0.0s start     a7 vm.web: feature app in 101
     0.0s ...       a7 vm.web: feature app in 101: QEMU guest agent is not running
     0.0s failed    a7 vm.web: feature app in 101 (0.0 s): the guest agent has not answered for 2 s
     0.0s start     a10 stack: give the lock of stack t back
     0.0s done      a10 stack: give the lock of stack t back (0.0 s)
error: vm.web: feature app in 101 failed
  the guest agent has not answered for 2 s
  | unpacking
  its output as far as it came: TMP/.local/state/phx/t.journal.d/…/vm.web/02-feature-app.log
  all of its output, in the guest: /var/log/phx/feature-app.log
  declared at main.phx:11:15
  not started because of it: 2 actions of vm.web
  help: what was begun may be at work in it still; look at its console (qm terminal 101 on the node). When `qm agent 101 ping` answers, `phx apply` follows it, or does it again if it has died; if it only needs longer: timeouts { agent = 10m }

Apply failed in part: 7 done, 1 failed, 2 skipped; 0.0 s
Next: `phx apply` again. What is done stays done, and only the rest is planned.
      · inside, by the guest agent: feature base, feature app, script last
     0.0s start     a4 vm.web: feature base in 101
     0.0s already   a4 vm.web: feature base in 101 (0.0 s)
     0.0s start     a5 vm.web: feature app in 101
     0.0s already   a5 vm.web: feature app in 101 (0.0 s)
     0.0s start     a6 vm.web: script last in 101
     0.0s done      a6 vm.web: script last in 101 (0.0 s)
     0.0s start     a7 vm.web: note that 101 is complete
     0.0s done      a7 vm.web: note that 101 is complete (0.0 s)
     0.0s start     a8 stack: give the lock of stack t back
     0.0s done      a8 stack: give the lock of stack t back (0.0 s)
Apply complete: 6 done, 2 already so; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
base
begun
ended
last
