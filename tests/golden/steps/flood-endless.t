A feature that never stops to print: it is ended before it fills the guest's disk, and little of what it said is kept there. The next run,
with the feature mended, goes on.
-- args --
$ "$PHX" apply --sim sim --sim-guests tree --yes main.phx 2>&1 | sed -n "/ start .*feature base/,\$ { s/but for [0-9.]* MiB/but for N MiB/; p }" | grep -v " \.\.\. \|^  | \|still at work"
$ "$PHX" exec --sim sim --sim-guests tree vm.web -- find /var/log/phx -size +2100k
$ cp mended.sh app.sh
$ "$PHX" apply --sim sim --sim-guests tree --yes main.phx 2>&1 | sed -n "/ start .* a[4-9] /,\$p" | grep -v " \.\.\. "
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
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
feature base { script = "base.sh" }
feature app { script = "app.sh"; needs = [feature.base]; timeout = 10m }
vm web {
  id = 101
  storage = "local"
  disk = 8GiB
  agent { enabled = true }
  network { ip = dhcp; mac = 02:5F:1E:80:26:C1 }
  features = [feature.app]
  script last { content = "echo last >>/root/did" }
}
-- file base.sh --
echo base >>/root/did
-- file app.sh --
echo begun >>/root/did
yes "a line of the flood"
-- file mended.sh --
echo mended >>/root/did
-- stdout --
     0.0s start     a6 vm.web: feature base in 101
     0.0s done      a6 vm.web: feature base in 101 (0.0 s)
     0.0s start     a7 vm.web: feature app in 101
     0.0s failed    a7 vm.web: feature app in 101 (0.0 s): more than 256 MiB of output; it was ended, with all its processes
     0.0s start     a10 stack: give the lock of stack t back
     0.0s done      a10 stack: give the lock of stack t back (0.0 s)
error: vm.web: feature app in 101 failed
  more than 256 MiB of output; it was ended, with all its processes
  its output, but for N MiB that were too much for the way here: TMP/.local/state/phx/t.journal.d/…/vm.web/02-feature-app.log
  the end of it, in the guest: /var/log/phx/feature-app.log
  declared at main.phx:11:15
  not started because of it: 2 actions of vm.web
  help: mend the cause, then `phx apply` again: what is done inside stays done, and it goes on with this step

Apply failed in part: 7 done, 1 failed, 2 skipped; 0.0 s
Next: `phx apply` again. What is done stays done, and only the rest is planned.
     0.0s start     a4 vm.web: feature base in 101
     0.0s already   a4 vm.web: feature base in 101 (0.0 s)
     0.0s start     a5 vm.web: feature app in 101
     0.0s done      a5 vm.web: feature app in 101 (0.0 s)
     0.0s start     a6 vm.web: script last in 101
     0.0s done      a6 vm.web: script last in 101 (0.0 s)
     0.0s start     a7 vm.web: note that 101 is complete
     0.0s done      a7 vm.web: note that 101 is complete (0.0 s)
     0.0s start     a8 stack: give the lock of stack t back
     0.0s done      a8 stack: give the lock of stack t back (0.0 s)
Apply complete: 7 done, 1 already so; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
base
begun
mended
last
