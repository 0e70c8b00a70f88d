A plan for which privileges are missing, in the forms that a review reads.
-- args --
$ "$PHX" plan --sim sim empty.phx >/dev/null 2>&1
$ sed -i 's/"token": *"[^"]*"/"token": "ci@pve!ci=00000000-0000-0000-0000-000000000001"/' sim/server.json
plan --sim sim --markdown p.md --gitlab p.json --html p.html main.phx
$ echo '== markdown' && grep -v '^About' p.md; echo '== gitlab' && cat p.json; echo '== html, the summary' && sed -n '/id="summary-h"/,/<\/section>/p' p.html
$ echo '== html, without style and script' && sed 's/sha256-[^ ;]*/sha256-…/g; s/<style>.*/<style>/; s/^<script>.*/<script>/' p.html | sed '/<style>/,/<\/style>/d; /<script>/,/<\/script>/d'
$ echo '== json' && "$PHX" plan --sim sim --json main.phx 2>/dev/null
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
== html, without style and script
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-…; script-src 'sha256-…; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>phx plan: t on pve</title>
</head>
<body>
<a class="skip" href="#changes">To the changes</a>
<header>
<h1>phx plan: t on pve</h1>
<button type="button" class="theme" id="theme" hidden>Colours: automatic</button>
<p class="total">Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.</p>
</header>
<main>
<section aria-labelledby="summary-h">
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
<section id="changes" aria-labelledby="changes-h" tabindex="-1">
<h2 id="changes-h">Changes, in the order of execution</h2>
<form class="filter" id="filter" role="search" aria-label="Filter changes" hidden>
<label>Text <input type="search" id="search" placeholder="name, id, attribute, file (/)" autocomplete="off"></label>
<fieldset><legend>Action</legend><label><input type="checkbox" name="action" value="create" checked> create (1)</label></fieldset>
<fieldset><legend>Impact</legend><label><input type="checkbox" name="impact" value="none" checked> none (1)</label></fieldset>
<button type="reset">Show all</button>
<output id="shown" aria-live="polite"></output>
</form>
<p class="controls" hidden><button type="button" id="open-all">Unfold all shown</button> <button type="button" id="close-all">Fold all shown</button></p>
<div class="changes" id="list" role="list">
<div id="c1" role="listitem" class="change a-create" data-action="create" data-impact="none"><details><summary><span class="what"><span class="sign" aria-hidden="true">+</span> create</span> <strong>container.a</strong> <span class="dim">101 on pve</span><span class="dim"> of local:vztmpl/d.tar.zst</span></summary><div class="body">
<p>of local:vztmpl/d.tar.zst</p><div class="wide"><table><thead><tr><th scope="col">Attribute</th><th scope="col">Value</th><th scope="col">Effect</th><th scope="col">Source</th></tr></thead><tbody>
<tr><th scope="row"><code>memory</code></th><td><ins><code>512MiB</code></ins></td><td></td><td><code>main.phx:5</code></td></tr>
<tr><th scope="row"><code>unprivileged</code></th><td><ins><code>true</code></ins></td><td></td><td><code>main.phx:8</code></td></tr>
<tr><th scope="row"><code>rootfs</code></th><td><ins><code>4GiB on local</code></ins></td><td></td><td><code>main.phx:7</code></td></tr>
<tr><th scope="row"><code>network</code></th><td><ins><code>vmbr0, 10.0.0.9/24 via 10.0.0.1</code></ins></td><td></td><td><code>main.phx:9</code></td></tr>
</tbody></table></div>
<figure><figcaption><code>main.phx</code></figcaption><pre><span class="no">3</span>container a {
<span class="no">5</span>  memory = 512MiB
<span class="no">7</span>  rootfs = &quot;local:4&quot;
<span class="no">8</span>  unprivileged = true
<span class="no">9</span>  network { bridge = &quot;vmbr0&quot;; ip = 10.0.0.9/24; gw = 10.0.0.1 }
</pre></figure>
</div></details></div>
</div>
</section>
<section aria-labelledby="inputs-h">
<h2 id="inputs-h">What it was made from</h2>
<details><summary>Files, variables, cluster</summary>
<div class="wide"><table><thead><tr><th scope="col">Input</th><th scope="col">SHA-256</th></tr></thead><tbody>
<tr><th scope="row"><code>main.phx</code></th><td><code>02454287a651857ed42e9bd633a5e08f7c8fda528e92ba2aac0de2c5f39c1f92</code></td></tr>
</tbody></table></div>
<p></p>
<p>phx 0.1.0; Proxmox VE 8.4.1; nodes: <code>pve</code></p>
</details>
</section>
</main>
<footer class="dim"><p>Made by phx. This page holds everything; it loads nothing.</p></footer>
</body>
</html>
== json
{
  "format": "phx-plan/1",
  "stack": "t",
  "cluster": "pve",
  "offline": false,
  "refused": true,
  "summary": {
    "create": 1,
    "update": 0,
    "replace": 0,
    "delete": 0,
    "adopt": 0,
    "migrate": 0,
    "none": 0,
    "restart": 0,
    "actions": 0
  },
  "changes": [
    {
      "address": "container.a",
      "kind": "container",
      "id": 101,
      "node": "pve",
      "action": "create",
      "impact": "none",
      "restart": false,
      "attributes": [
        {
          "path": "memory",
          "before": null,
          "after": "512MiB",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 5,
            "column": 12
          },
          "reason": ""
        },
        {
          "path": "unprivileged",
          "before": null,
          "after": "true",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 8,
            "column": 18
          },
          "reason": ""
        },
        {
          "path": "rootfs",
          "before": null,
          "after": "4GiB on local",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 7,
            "column": 3
          },
          "reason": ""
        },
        {
          "path": "network",
          "before": null,
          "after": "vmbr0, 10.0.0.9/24 via 10.0.0.1",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 9,
            "column": 3
          },
          "reason": ""
        }
      ],
      "reason": "of local:vztmpl/d.tar.zst",
      "notes": [],
      "source": {
        "path": "main.phx",
        "line": 3,
        "column": 1
      }
    }
  ],
  "actions": [],
  "order": [
    "container.a"
  ],
  "capacity": [
    {
      "kind": "memory",
      "node": "pve",
      "before": 0,
      "after": 536870912,
      "used": 4294967296,
      "physical": 68719476736,
      "limit": 68719476736,
      "over": false
    },
    {
      "kind": "cores",
      "node": "pve",
      "before": 0,
      "after": 1,
      "physical": 16,
      "limit": 64,
      "over": false
    },
    {
      "kind": "storage",
      "node": "pve",
      "storage": "local",
      "type": "dir",
      "thin": true,
      "before": 104857600,
      "after": 4399824896,
      "used": 104857600,
      "physical": 107374182400,
      "limit": 107374182400,
      "over": false
    }
  ],
  "permissions": {
    "identity": "ci@pve!ci",
    "checked": true,
    "needed": 12,
    "missing": [
      {
        "path": "/vms/101",
        "privilege": "VM.Config.Network",
        "role": "PVEVMAdmin",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/vms/101",
        "privilege": "VM.Config.Options",
        "role": "PVEVMAdmin",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/vms/101",
        "privilege": "VM.Config.Memory",
        "role": "PVEVMAdmin",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/vms/101",
        "privilege": "VM.Config.Disk",
        "role": "PVEVMAdmin",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/storage/local",
        "privilege": "Datastore.AllocateSpace",
        "role": "PVEDatastoreUser",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/sdn/zones/localnetwork/vmbr0",
        "privilege": "SDN.Use",
        "role": "PVESDNUser",
        "addresses": [
          "container.a"
        ]
      },
      {
        "path": "/vms/101",
        "privilege": "VM.PowerMgmt",
        "role": "PVEVMUser",
        "addresses": [
          "container.a"
        ]
      }
    ]
  },
  "diagnostics": [{"code":"PHX0660","slug":"missing-privilege","severity":"error","message":"`ci@pve!ci` lacks on /sdn/zones/localnetwork/vmbr0: SDN.Use","file":"main.phx","line":3,"column":1,"end_line":3,"end_column":12,"start":74,"end":85,"labels":[],"notes":["needed for `container.a`"],"helps":["grant it on a node with: pveum acl modify /sdn/zones/localnetwork/vmbr0 --tokens 'ci@pve!ci' --roles PVESDNUser (a token with privilege separation needs it, and so does its user ci@pve)"],"fixes":[]},{"code":"PHX0660","slug":"missing-privilege","severity":"error","message":"`ci@pve!ci` lacks on /storage/local: Datastore.AllocateSpace","file":"main.phx","line":3,"column":1,"end_line":3,"end_column":12,"start":74,"end":85,"labels":[],"notes":["needed for `container.a`"],"helps":["grant it on a node with: pveum acl modify /storage/local --tokens 'ci@pve!ci' --roles PVEDatastoreUser (a token with privilege separation needs it, and so does its user ci@pve)"],"fixes":[]},{"code":"PHX0660","slug":"missing-privilege","severity":"error","message":"`ci@pve!ci` lacks on /vms/101: VM.Config.Network, VM.Config.Options, VM.Config.Memory, VM.Config.Disk, VM.PowerMgmt","file":"main.phx","line":3,"column":1,"end_line":3,"end_column":12,"start":74,"end":85,"labels":[],"notes":["needed for `container.a`"],"helps":["grant it on a node with: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMAdmin (a token with privilege separation needs it, and so does its user ci@pve)","grant it on a node with: pveum acl modify /vms/101 --tokens 'ci@pve!ci' --roles PVEVMUser (a token with privilege separation needs it, and so does its user ci@pve)"],"fixes":[]}]
}
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
0
1
