A script in a container that hangs, with a child that it waits for.
-- args --
$ "$PHX" apply --sim sim --sim-guests tree --yes main.phx 2>&1 | sed -n "/ start .*feature base/,\$p" | grep -v " \.\.\. "
$ cp mended.sh app.sh
$ "$PHX" apply --sim sim --sim-guests tree --yes main.phx 2>&1 | sed -n "/ inside, /p; / start .* a[4-9] /,\$p" | grep -v " \.\.\. "
apply --sim sim --sim-guests tree --yes main.phx
exec --sim sim --sim-guests tree container.web -- cat /root/did
-- needs --
trees
-- file sim/cluster.json --
{
 "nodes": [{"name": "pve"}],
 "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G", "content": "iso,vztmpl,backup,import,snippets,images,rootdir"}],
 "volumes": [{"volid": "local:101/vm-101-disk-0.raw", "size": "8G", "os": {"type": "debian", "boot_s": 0}}],
 "guests": [
  {"vmid": 101, "kind": "lxc", "running": true, "conf": {"hostname": "web", "ostype": "debian", "rootfs": "local:101/vm-101-disk-0.raw,size=8G", "memory": "512", "net0": "name=eth0,bridge=vmbr0,hwaddr=02:5F:1E:80:26:C1,ip=dhcp,type=veth", "tags": "phx-t", "description": "<!-- phx:1 stack=t address=container.web id=101 building -->"}}
 ]
}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
feature base { script = "base.sh" }
container web {
  id = 101
  ostemplate = "local:vztmpl/debian.tar.zst"
  rootfs = "local:8"
  memory = 512MiB
  network { ip = dhcp; mac = 02:5F:1E:80:26:C1 }
  features = [feature.base]
  script app { source = "app.sh"; timeout = 3s }
  script last { content = "echo last >>/root/did" }
}
-- file base.sh --
echo base >>/root/did
-- file app.sh --
echo begun >>/root/did
echo "waiting for the lock"
sleep 1000 &
wait
-- file mended.sh --
echo mended >>/root/did
-- stdout --
     0.0s start     a3 container.web: feature base in 101
     0.0s done      a3 container.web: feature base in 101 (0.0 s)
     0.0s start     a4 container.web: script app in 101
     0.0s failed    a4 container.web: script app in 101 (0.0 s): no end within 3 s; it was ended, with all its processes
     0.0s start     a7 stack: give the lock of stack t back
     0.0s done      a7 stack: give the lock of stack t back (0.0 s)
error: container.web: script app in 101 failed
  no end within 3 s; it was ended, with all its processes
  | waiting for the lock
  | phx: out of time; still at work: sleep 1000
  all of its output: TMP/.local/state/phx/t.journal.d/…/container.web/02-script-app.log
  and in the guest: /var/log/phx/script-app.log
  declared at main.phx:11:3
  not started because of it: 2 actions of container.web
  help: if it only needs longer: `timeout = 6s` in `script app`; else mend the cause. Then `phx apply` again: what is done inside stays done, and it goes on with this step

Apply failed in part: 4 done, 1 failed, 2 skipped; 0.0 s
Next: `phx apply` again. What is done stays done, and only the rest is planned.
      · inside, by `pct exec` on pve: feature base, script app, script last
     0.0s start     a4 container.web: script app in 101
     0.0s done      a4 container.web: script app in 101 (0.0 s)
     0.0s start     a5 container.web: script last in 101
     0.0s done      a5 container.web: script last in 101 (0.0 s)
     0.0s start     a6 container.web: note that 101 is complete
     0.0s done      a6 container.web: note that 101 is complete (0.0 s)
     0.0s start     a7 stack: give the lock of stack t back
     0.0s done      a7 stack: give the lock of stack t back (0.0 s)
Apply complete: 6 done, 1 already so; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
base
begun
mended
last
