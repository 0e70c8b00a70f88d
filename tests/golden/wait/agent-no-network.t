A guest agent that does not answer, in a guest that has heard nothing over the network. When it is up at last, the next apply goes on. Times are made equal.
-- args --
$ "$PHX" apply --sim sim --yes main.phx 2>&1 | sed -e "/ task  /d" -e "s/^ *[0-9.]*s /     0.0s /" -e "s/running for [0-9]* s/running for N s/" | sed -n "/ start /,\$p"
$ python3 -c 'import json,urllib.request as r; i=json.load(open("sim/server.json")); r.urlopen(r.Request(i["url"]+"/sim/clock",method="POST",data=b"""{"advance":100000}""",headers={"Authorization":"PVEAPIToken="+i["token"],"Content-Type":"application/json"}))'
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
    "agent": true,
    "boot_s": 100000
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
     0.0s failed    a4 vm.web: wait for the guest agent of 101 (0.0 s): the guest agent did not answer within 1 s; last seen: QEMU guest agent is not running
     0.0s start     a7 stack: give the lock of stack t back
     0.0s done      a7 stack: give the lock of stack t back (0.0 s)
error: vm.web: wait for the guest agent of 101 failed
  the guest agent did not answer within 1 s; last seen: QEMU guest agent is not running
  | `agent` option: on
  | guest: running for N s, CPU 0 %, received 0 bytes, sent 0 bytes
  | so: it has received nothing over the network: is its bridge right, does its address fit, can it reach a mirror?
  declared at main.phx:3:1
  not started because of it: 2 actions of vm.web
  help: look at its console (qm terminal 101 on the node, or the web interface). When `qm agent 101 ping` answers, `phx apply` goes on from here; if it only needs longer: timeouts { agent = 10m }

Apply failed in part: 4 done, 1 failed, 2 skipped; 0.0 s
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
