A guest agent that is late, but in time. Times are made equal.
-- args --
$ "$PHX" apply --sim sim --yes main.phx 2>&1 | sed -e "/ task  /d" -e "s/^ *[0-9.]*s /     0.0s /" -e "s/running for [0-9]* s/running for N s/" | sed -n "/ start /,\$p"
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
    "agent": true,
    "boot_s": 20
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
   }
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
  timeouts { agent = 60s }
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
     0.0s output    a5 vm.web: wait for cloud-init of 101: status: done
     0.0s done      a5 vm.web: wait for cloud-init of 101 (0.0 s)
     0.0s start     a6 vm.web: note that 101 is complete
     0.0s done      a6 vm.web: note that 101 is complete (0.0 s)
     0.0s start     a7 stack: give the lock of stack t back
     0.0s done      a7 stack: give the lock of stack t back (0.0 s)
Apply complete: 7 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
