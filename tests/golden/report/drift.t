What somebody changed on the cluster, in the forms that a review reads.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx >/dev/null 2>&1
$ python3 -c 'import json,urllib.request,urllib.parse as u; i=json.load(open("sim/server.json")); urllib.request.urlopen(urllib.request.Request(i["url"]+"/api2/json/nodes/pve/lxc/101/config",method="PUT",data=u.urlencode({"memory":"768","cores":"3","nameserver":"9.9.9.9"}).encode(),headers={"Authorization":"PVEAPIToken="+i["token"]}))'
plan --sim sim --markdown p.md --gitlab p.json --html p.html main.phx
$ echo '== markdown' && grep -v '^About' p.md; echo '== gitlab' && cat p.json; echo '== html, the summary' && sed -n '/id="summary-h"/,/<\/section>/p' p.html
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
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:4
    update
      cores        3 → 2              main.phx:8  changed on the cluster
      memory       768MiB → 512MiB    main.phx:6  changed on the cluster
      dns.servers  9.9.9.9 → 1.1.1.1  main.phx:12
                   changed on the cluster; takes back what is pending

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.
About ….
== markdown
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.**

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| update | 1 | 0 | 0 | 0 |


### Changed in place

<details><summary>~ update <code>container.a</code> 101 on pve: cores <code>3 → 2</code>, memory <code>768MiB → 512MiB</code>, dns.servers <code>9.9.9.9 → 1.1.1.1</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>cores</code> | <code>3</code> | <code>2</code> | changed on the cluster | <code>main.phx&#58;8</code> |
| <code>memory</code> | <code>768MiB</code> | <code>512MiB</code> | changed on the cluster | <code>main.phx&#58;6</code> |
| <code>dns.servers</code> | <code>9.9.9.9</code> | <code>1.1.1.1</code> | changed on the cluster&#59; takes back what is pending | <code>main.phx&#58;12</code> |

declared at <code>main.phx&#58;4</code>

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 3 actions</sub>
== gitlab
{"create":0,"update":1,"delete":0}
== html, the summary
<h2 id="summary-h">Summary</h2>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">~ update</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.8 GiB</td><td class="n">0.5 GiB</td><td class="n">128.0 GiB</td><td class="n">128.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">3</td><td class="n">2</td><td class="n">32</td><td class="n">128</td></tr>
</tbody></table>
</section>
