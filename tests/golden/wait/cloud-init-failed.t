Cloud-init ends with exit code 1: its status, the end of its log, and how to go on. The next time it is well, and the next apply goes on. Times are made equal.
-- args --
$ "$PHX" apply --sim sim --yes main.phx 2>&1 | sed -e "/ task  /d" -e "s/^ *[0-9.]*s /     0.0s /" -e "s/running for [0-9]* s/running for N s/" | sed -n "/ start /,\$p"
$ "$PHX" apply --sim sim --yes main.phx 2>&1 | sed -n "/^~/,\$p" | grep -v " task  "
apply --sim sim --yes main.phx
-- file sim/cluster.json --
{
 "nodes": [
  {
   "name": "pve"
  }
 ],
 "storages": [
  {
   "storage": "local",
   "type": "dir",
   "path": "/var/lib/vz",
   "size": "500G",
   "content": "iso,vztmpl,backup,import,snippets,images"
  }
 ],
 "volumes": [
  {
   "volid": "local:101/vm-101-disk-0.qcow2",
   "size": "8G",
   "format": "qcow2",
   "os": {
    "agent": true
   }
  },
  {
   "volid": "local:101/vm-101-cloudinit.qcow2",
   "size": "4M",
   "format": "qcow2"
  }
 ],
 "guests": [
  {
   "vmid": 101,
   "kind": "qemu",
   "conf": {
    "name": "web",
    "agent": "enabled=1",
    "scsi0": "local:101/vm-101-disk-0.qcow2,size=8G",
    "boot": "order=scsi0",
    "scsihw": "virtio-scsi-single",
    "ide2": "local:101/vm-101-cloudinit.qcow2,media=cdrom,size=4M",
    "net0": "virtio=02:5F:1E:80:26:C1,bridge=vmbr0",
    "ipconfig0": "ip=dhcp",
    "tags": "phx-t",
    "description": "<!-- phx:1 stack=t address=vm.web id=101 building -->"
   },
   "files": {
    "/var/log/cloud-init-output.log": {
     "text": "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\nline 9\nline 10\nline 11\nline 12\nline 13\nline 14\nline 15\nline 16\nline 17\nline 18\nline 19\nline 20\nline 21\nline 22\nline 23\nline 24\nline 25\nline 26\nline 27\nline 28\nline 29\nline 30\nline 31\nline 32\nline 33\nline 34\nline 35\nline 36\nline 37\nline 38\nline 39\nCloud-init v. 24.1 running 'modules:final'\nE: Unable to locate package htpo\nCloud-init v. 24.1 finished. Datasource DataSourceNoCloud\n"
    }
   }
  }
 ],
 "exec": [
  {
   "command": "^cloud-init status",
   "times": 1,
   "exit": 1,
   "out": "status: error\nextended_status: error - done\nerrors:\n\t- package_update_upgrade_install failed\n"
  }
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
  timeouts { agent = 1s; cloud_init = 2s }
}
-- stdout --
     0.0s start     a1 stack: take the lock of stack t
     0.0s done      a1 stack: take the lock of stack t (0.0 s)
     0.0s start     a2 vm.web: configure 101
     0.0s done      a2 vm.web: configure 101 (0.0 s)
     0.0s start     a3 vm.web: start 101
     0.0s done      a3 vm.web: start 101 (0.0 s)
     0.0s start     a4 vm.web: wait for the guest agent of 101
     0.0s done      a4 vm.web: wait for the guest agent of 101 (0.0 s)
     0.0s start     a5 vm.web: wait for cloud-init of 101
     0.0s output    a5 vm.web: wait for cloud-init of 101: status: error | extended_status: error - done | errors: | 	- package_update_upgrade_install failed
     0.0s failed    a5 vm.web: wait for cloud-init of 101 (0.0 s): cloud-init failed (exit code 1)
     0.0s start     a7 stack: give the lock of stack t back
     0.0s done      a7 stack: give the lock of stack t back (0.0 s)
error: vm.web: wait for cloud-init of 101 failed
  cloud-init failed (exit code 1)
  | status: error
  | extended_status: error - done
  | errors:
  | 	- package_update_upgrade_install failed
  | guest: running for N s, CPU 0 %, received 65536 bytes, sent 4096 bytes
  | the end of /var/log/cloud-init-output.log:
  | line 28
  | line 29
  | line 30
  | line 31
  | line 32
  | line 33
  | line 34
  | line 35
  | line 36
  | line 37
  | line 38
  | line 39
  | Cloud-init v. 24.1 running 'modules:final'
  | E: Unable to locate package htpo
  | Cloud-init v. 24.1 finished. Datasource DataSourceNoCloud
  declared at main.phx:3:1
  not started because of it: 1 action of vm.web
  help: cloud-init runs once: mend the cause, then `cloud-init clean --reboot` in the guest and `phx apply`; or delete the guest and apply again

Apply failed in part: 5 done, 1 failed, 1 skipped; 0.0 s
Next: `phx apply` again. What is done stays done, and only the rest is planned.
~ vm.web  101 on pve  main.phx:3
    update: its creation was interrupted and goes on

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 5 actions.
About ….
     0.0s start     a1 stack: take the lock of stack t
     0.0s done      a1 stack: take the lock of stack t (0.0 s)
     0.0s start     a2 vm.web: wait for the guest agent of 101
     0.0s done      a2 vm.web: wait for the guest agent of 101 (0.0 s)
     0.0s start     a3 vm.web: wait for cloud-init of 101
     0.0s output    a3 vm.web: wait for cloud-init of 101: status: done
     0.0s done      a3 vm.web: wait for cloud-init of 101 (0.0 s)
     0.0s start     a4 vm.web: note that 101 is complete
     0.0s done      a4 vm.web: note that 101 is complete (0.0 s)
     0.0s start     a5 stack: give the lock of stack t back
     0.0s done      a5 stack: give the lock of stack t back (0.0 s)
Apply complete: 5 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
