A guest that does not shut down in time: what is next is the same command, or --force; `phx apply` would do nothing for it.
-- args --
$ "$PHX" stop --sim sim --sim-faults faults.json vm.deaf 2>&1 | sed -n '/^error/,$p'
$ "$PHX" restart --sim sim --sim-faults faults.json vm.deaf 2>&1 | grep '^Next\|^Or'
$ "$PHX" delete --sim sim --sim-faults faults.json --yes vm.deaf 2>&1 | grep '^Next\|^Or'
-- file faults.json --
{"faults": [{"match": {"method": "DELETE", "path": "/qemu/101$"}, "task_fail": {"exitstatus": "out of luck"}}]}
-- file sim/cluster.json --
{
 "nodes": [{"name": "pve"}],
 "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G", "content": "images"}],
 "volumes": [{"volid": "local:101/vm-101-disk-0.qcow2", "size": "8G", "format": "qcow2", "os": {"halt": false}}],
 "guests": [
  {"vmid": 101, "kind": "qemu", "running": true, "conf": {"name": "deaf", "scsi0": "local:101/vm-101-disk-0.qcow2,size=8G", "tags": "phx-t", "description": "<!-- phx:1 stack=t address=vm.deaf id=101 -->"}}
 ]
}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm deaf { id = 101; storage = "local"; disk = 8GiB; timeouts { stop = 5s } }
-- stdout --
error: vm.deaf: shut down 101 failed
  VM quit/powerdown failed - got timeout
  call: POST /nodes/pve/qemu/101/status/shutdown
  task: UPID:pve:…:qmshutdown:101:root@pam!sim:
  | TASK ERROR: VM quit/powerdown failed - got timeout
  declared at main.phx:3:1

Apply failed in part: 2 done, 1 failed; 0.0 s
Next: `phx stop vm.deaf` again. What is done stays done, and only the rest is planned.
Or `phx stop vm.deaf --force`: it switches off what does not shut down.
Next: `phx restart vm.deaf` again. What is done stays done, and only the rest is planned.
Or `phx restart vm.deaf --force`: it switches off what does not shut down.
Next: `phx delete vm.deaf` again. What is done stays done, and only the rest is planned.
