A plan for which privileges are missing, in the forms that a review reads.
-- args --
$ "$PHX" plan --sim sim empty.phx >/dev/null 2>&1
$ sed -i 's/"token": *"[^"]*"/"token": "ci@pve!ci=00000000-0000-0000-0000-000000000001"/' sim/server.json
plan --sim sim --markdown p.md --gitlab p.json --html p.html main.phx
$ echo '== markdown' && grep -v '^About' p.md; echo '== gitlab' && cat p.json; echo '== html, the summary' && sed -n '/id="summary-h"/,/<\/section>/p' p.html
-- file sim/cluster.json --
{"nodes": [{"name": "pve"}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"}],
 "volumes": [{"volid": "local:vztmpl/d.tar.zst", "size": "100M"}],
 "users": [{"userid": "ci@pve"}],
 "tokens": [{"tokenid": "ci@pve!ci", "secret": "00000000-0000-0000-0000-000000000001", "privsep": 0}],
 "roles": {"Look": "VM.Audit,Sys.Audit,Datastore.Audit,Pool.Allocate,VM.Allocate"},
 "acl": [{"path": "/", "type": "user", "ugid": "ci@pve", "roleid": "Look", "propagate": 1}]}
-- file empty.phx --
stack "none"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/d.tar.zst"
  rootfs = "local:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/d.tar.zst
      memory        512MiB
      unprivileged  true
      rootfs        4GiB on local
      network       vmbr0, 10.0.0.9/24 via 10.0.0.1

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
== markdown
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.**

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| create | 1 | 0 | 0 | 0 |

### Reported while planning

- **error PHX0660** <code>main.phx</code> line 3: &#96;ci&#64;<!-- -->pve&#33;<!-- -->ci&#96; lacks on /vms/101&#58; VM.Config.Network, VM.Config.Options, VM.Config.Memory, VM.Config.Disk, VM.PowerMgmt
- **error PHX0660** <code>main.phx</code> line 3: &#96;ci&#64;<!-- -->pve&#33;<!-- -->ci&#96; lacks on /storage/local&#58; Datastore.AllocateSpace
- **error PHX0660** <code>main.phx</code> line 3: &#96;ci&#64;<!-- -->pve&#33;<!-- -->ci&#96; lacks on /sdn/zones/localnetwork/vmbr0&#58; SDN.Use

### New

<details><summary>+ create <code>container.a</code> 101 on pve of local&#58;vztmpl/d.tar.zst</summary>

| Attribute | Value | Note | Source |
|---|---|---|---|
| <code>memory</code> | <code>512MiB</code> |  | <code>main.phx&#58;5</code> |
| <code>unprivileged</code> | <code>true</code> |  | <code>main.phx&#58;8</code> |
| <code>rootfs</code> | <code>4GiB on local</code> |  | <code>main.phx&#58;7</code> |
| <code>network</code> | <code>vmbr0, 10.0.0.9/24 via 10.0.0.1</code> |  | <code>main.phx&#58;9</code> |

declared at <code>main.phx&#58;3</code>

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 0 actions</sub>
== gitlab
{"create":1,"update":0,"delete":0}
== html, the summary
<h2 id="summary-h">Summary</h2>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">+ create</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.0 GiB</td><td class="n">0.5 GiB</td><td class="n">64.0 GiB</td><td class="n">64.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">0</td><td class="n">1</td><td class="n">16</td><td class="n">64</td></tr>
<tr><th scope="row"><code>pve</code> <code>local</code></th><td class="n">0.1 GiB</td><td class="n">4.1 GiB</td><td class="n">100.0 GiB</td><td class="n">100.0 GiB</td></tr>
</tbody></table>
<h3>Reported while planning</h3>
<ul>
<li><strong>error PHX0660</strong> <code>main.phx:3</code> `ci@pve!ci` lacks on /vms/101: VM.Config.Network, VM.Config.Options, VM.Config.Memory, VM.Config.Disk, VM.PowerMgmt<br><span class="dim">grant it on a node with: pveum acl modify /vms/101 --tokens &#39;ci@pve!ci&#39; --roles PVEVMAdmin (a token with privilege separation needs it, and so does its user ci@pve)</span><br><span class="dim">grant it on a node with: pveum acl modify /vms/101 --tokens &#39;ci@pve!ci&#39; --roles PVEVMUser (a token with privilege separation needs it, and so does its user ci@pve)</span></li>
<li><strong>error PHX0660</strong> <code>main.phx:3</code> `ci@pve!ci` lacks on /storage/local: Datastore.AllocateSpace<br><span class="dim">grant it on a node with: pveum acl modify /storage/local --tokens &#39;ci@pve!ci&#39; --roles PVEDatastoreUser (a token with privilege separation needs it, and so does its user ci@pve)</span></li>
<li><strong>error PHX0660</strong> <code>main.phx:3</code> `ci@pve!ci` lacks on /sdn/zones/localnetwork/vmbr0: SDN.Use<br><span class="dim">grant it on a node with: pveum acl modify /sdn/zones/localnetwork/vmbr0 --tokens &#39;ci@pve!ci&#39; --roles PVESDNUser (a token with privilege separation needs it, and so does its user ci@pve)</span></li>
</ul>
</section>
-- stderr --
error[PHX0660]: `ci@pve!ci` lacks on /sdn/zones/localnetwork/vmbr0: SDN.Use
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /sdn/zones/localnetwork/vmbr0 --tokens 'ci@pve!ci' --roles PVESDNUser (a token with privilege separation needs it, and so does its user ci@pve)
  = explain: run `phx explain PHX0660`

error[PHX0660]: `ci@pve!ci` lacks on /storage/local: Datastore.AllocateSpace
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /storage/local --tokens 'ci@pve!ci' --roles PVEDatastoreUser (a token with privilege separation needs it, and so does its user ci@pve)

error[PHX0660]: `ci@pve!ci` lacks on /vms/101: VM.Config.Network, VM.Config.Options, VM.Config.Memory, VM.Config.Disk, VM.PowerMgmt
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: needed for `container.a`
  = help: grant it on a node with: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMAdmin (a token with privilege separation needs it, and so does its user ci@pve)
  = help: grant it on a node with: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMUser (a token with privilege separation needs it, and so does its user ci@pve)

-- exit --
0
0
1
0
