What somebody changed on the cluster is told from what changed in the configuration, and can be taken over.
-- args --
apply --sim sim --sim-speed 0 --yes main.phx >/dev/null 2>&1
plan --sim sim --refresh-only main.phx
$ sed -i 's/swap *= 256MiB/swap = 128MiB/' main.phx
$ python3 -c 'import json,urllib.request,urllib.parse as u; i=json.load(open("sim/server.json")); urllib.request.urlopen(urllib.request.Request(i["url"]+"/api2/json/nodes/pve/lxc/101/config",method="PUT",data=u.urlencode({"memory":"768","cores":"3","nameserver":"9.9.9.9"}).encode(),headers={"Authorization":"PVEAPIToken="+i["token"]}))'
plan --sim sim main.phx
plan --sim sim --refresh-only main.phx
$ "$PHX" plan --sim sim --json main.phx | grep -c '"drift": true'
apply --sim sim --accept-drift container.a main.phx
apply --sim sim --accept-drift container.a --write -o patch main.phx
$ cat main.phx
plan --sim sim main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
let servers = [1.1.1.1]
container a {
  id = 101
  memory = 512MiB   # enough
  swap = 256MiB
  cores = 1 + 1
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  dns { servers = servers }
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
-- stdout --
No drift. Nothing was changed on the cluster since phx wrote it.
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:4
    update
      cores        3 → 2              main.phx:8  changed on the cluster
      memory       768MiB → 512MiB    main.phx:6  changed on the cluster
      dns.servers  9.9.9.9 → 1.1.1.1  main.phx:12
                   changed on the cluster; takes back what is pending
      swap         256MiB → 128MiB    main.phx:7

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.
About ….
container.a  101 on pve
    cores               2 → 3  main.phx:8
    memory              512MiB → 768MiB  main.phx:6
    dns.servers         1.1.1.1 → 9.9.9.9  main.phx:12
    tasks:   DATE UTC  vzstart by root@pam!sim
             DATE UTC  vzcreate by root@pam!sim

Drift: 1 guest was changed on the cluster since phx wrote it. `phx apply` puts it back; `phx apply --accept-drift ADDR` takes it over.
3
--- main.phx
+++ main.phx
@@ -6 +6 @@
-  memory = 512MiB   # enough
+  memory = 768MiB   # enough
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
let servers = [1.1.1.1]
container a {
  id = 101
  memory = 768MiB   # enough
  swap = 128MiB
  cores = 1 + 1
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  dns { servers = servers }
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:4
    update
      cores        3 → 2              main.phx:8  changed on the cluster
      dns.servers  9.9.9.9 → 1.1.1.1  main.phx:12
                   changed on the cluster; takes back what is pending
      swap         256MiB → 128MiB    main.phx:7

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.
About ….
-- stderr --
container.a: cores = 3 is left to you: an expression in the source says it, no plain value
container.a: dns.servers = 9.9.9.9 is left to you: an expression in the source says it, no plain value
container.a: cores = 3 is left to you: an expression in the source says it, no plain value
container.a: dns.servers = 9.9.9.9 is left to you: an expression in the source says it, no plain value
-- exit --
0
0
0
0
0
2
0
1
1
0
0
