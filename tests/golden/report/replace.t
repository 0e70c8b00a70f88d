A guest that only a new one can replace, in every form.
-- args --
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
$ sed -i 's/unprivileged = true/unprivileged = false/' main.phx
$ echo '== text'
plan --inventory inv.json -o p.phxplan --allow-destroy container.a main.phx
$ echo '== json' && "$PHX" show --format json p.phxplan
$ echo '== markdown' && "$PHX" show --format markdown p.phxplan
$ echo '== gitlab' && "$PHX" show --format gitlab p.phxplan
$ echo '== html, without style and script' && "$PHX" show --format html p.phxplan | sed 's/sha256-[^ ;]*/sha256-…/g; s/<style>.*/<style>/; s/^<script>.*/<script>/' | sed '/<style>/,/<\/style>/d; /<script>/,/<\/script>/d'
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
-- stdout --
== text
Stack t on cluster pve

± container.a  101 on pve  main.phx:3
    replace: unprivileged true → false
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 4GiB, is destroyed

! DATA LOSS: container.a
Plan: 0 to create, 0 to update, 1 to replace, 0 to delete; 7 actions.
About …; container.a is down for about ….
== json
{
  "format": "phx-plan/1",
  "stack": "t",
  "cluster": "pve",
  "offline": false,
  "summary": {
    "create": 0,
    "update": 0,
    "replace": 1,
    "delete": 0,
    "adopt": 0,
    "migrate": 0,
    "none": 0,
    "restart": 0,
    "actions": 7
  },
  "changes": [
    {
      "address": "container.a",
      "kind": "container",
      "id": 101,
      "node": "pve",
      "action": "replace",
      "impact": "data-loss",
      "restart": false,
      "attributes": [],
      "reason": "unprivileged true → false",
      "notes": [
        "local-lvm:vm-101-disk-0, 4GiB, is destroyed"
      ],
      "source": {
        "path": "main.phx",
        "line": 3,
        "column": 1
      }
    }
  ],
  "actions": [
    {
      "id": "a1",
      "address": "stack",
      "op": "lock",
      "summary": "take the lock of stack t",
      "call": {
        "method": "POST",
        "path": "/pools",
        "params": {
          "poolid": "phx-lock-t",
          "comment": "(who and when)"
        },
        "later": [
          "comment"
        ],
        "task": false
      },
      "needs": [],
      "locks": []
    },
    {
      "id": "a2",
      "address": "container.a",
      "op": "shutdown",
      "summary": "shut down 101",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/lxc/101/status/shutdown",
        "params": {
          "timeout": "180",
          "forceStop": "1"
        },
        "task": true
      },
      "needs": [
        "a1"
      ],
      "locks": [
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a3",
      "address": "container.a",
      "op": "delete",
      "summary": "delete container 101",
      "call": {
        "method": "DELETE",
        "path": "/nodes/pve/lxc/101",
        "params": {
          "purge": "1",
          "destroy-unreferenced-disks": "0"
        },
        "task": true
      },
      "needs": [
        "a2"
      ],
      "locks": [
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a4",
      "address": "container.a",
      "op": "create",
      "summary": "create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/lxc",
        "params": {
          "vmid": "101",
          "ostemplate": "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
          "hostname": "a",
          "description": "<!-- phx:1 stack=t address=container.a id=101 building set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9da3 -->",
          "tags": "phx-t",
          "memory": "512",
          "unprivileged": "0",
          "rootfs": "local-lvm:4",
          "net0": "name=eth0,bridge=vmbr0,hwaddr=02:5F:1E:80:26:C1,ip=10.0.0.9/24,gw=10.0.0.1"
        },
        "task": true
      },
      "needs": [
        "a3"
      ],
      "locks": [
        {
          "name": "alloc:pve/local-lvm",
          "exclusive": false,
          "limit": 16
        },
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a5",
      "address": "container.a",
      "op": "start",
      "summary": "start 101",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/lxc/101/status/start",
        "params": {},
        "task": true
      },
      "needs": [
        "a4"
      ],
      "locks": [
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a6",
      "address": "container.a",
      "op": "marker",
      "summary": "note that 101 is complete",
      "call": {
        "method": "PUT",
        "path": "/nodes/pve/lxc/101/config",
        "params": {
          "description": "<!-- phx:1 stack=t address=container.a id=101 set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9da3 -->"
        },
        "task": false
      },
      "needs": [
        "a5"
      ],
      "locks": [
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a7",
      "address": "stack",
      "op": "unlock",
      "summary": "give the lock of stack t back",
      "call": {
        "method": "DELETE",
        "path": "/pools/phx-lock-t",
        "params": {},
        "task": false
      },
      "needs": [
        "a6"
      ],
      "locks": []
    }
  ],
  "order": [
    "container.a"
  ],
  "estimate": {
    "makespan_ms": 48600,
    "source": "usual",
    "critical_path": [
      "a1",
      "a2",
      "a3",
      "a4",
      "a5",
      "a6"
    ],
    "actions": [
      200,
      20000,
      5000,
      20000,
      3000,
      200,
      200
    ],
    "starts": [
      0,
      200,
      20200,
      25200,
      45200,
      48200,
      48400
    ],
    "downtime": [
      {
        "address": "container.a",
        "ms": 48000
      }
    ]
  },
  "capacity": [
    {
      "kind": "memory",
      "node": "pve",
      "before": 536870912,
      "after": 536870912,
      "used": 0,
      "physical": 137438953472,
      "limit": 137438953472,
      "over": false
    },
    {
      "kind": "cores",
      "node": "pve",
      "before": 1,
      "after": 1,
      "physical": 32,
      "limit": 128,
      "over": false
    },
    {
      "kind": "storage",
      "node": "pve",
      "storage": "local-lvm",
      "type": "lvmthin",
      "thin": true,
      "before": 4096,
      "after": 4096,
      "used": 4096,
      "physical": 858993459200,
      "limit": 858993459200,
      "over": false
    }
  ],
  "permissions": {
    "identity": "",
    "checked": false,
    "needed": 0,
    "missing": []
  },
  "diagnostics": []
}
== markdown
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**Plan: 0 to create, 0 to update, 1 to replace, 0 to delete; 7 actions.**

> **⚠ DATA LOSS** (1): <code>container.a</code>

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| replace | 1 | 0 | 0 | 1 |

About 50 s&#59; container.a is down for about ….

### Deleted, replaced, or data is lost

<details open><summary>± replace <code>container.a</code> 101 on pve: unprivileged true → false <b>DATA LOSS</b></summary>

- **local-lvm&#58;vm-101-disk-0, 4GiB, is destroyed**

declared at <code>main.phx&#58;3</code>

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 7 actions</sub>
== gitlab
{"create":1,"update":0,"delete":1}
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
<p class="total">Plan: 0 to create, 0 to update, 1 to replace, 0 to delete; 7 actions.</p>
</header>
<main>
<section aria-labelledby="summary-h">
<h2 id="summary-h">Summary</h2>
<p class="loud"><strong>DATA LOSS</strong> (1): <a href="#c1">container.a</a></p>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">± replace</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.5 GiB</td><td class="n">0.5 GiB</td><td class="n">128.0 GiB</td><td class="n">128.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">1</td><td class="n">1</td><td class="n">32</td><td class="n">128</td></tr>
<tr><th scope="row"><code>pve</code> <code>local-lvm</code></th><td class="n">0.0 GiB</td><td class="n">0.0 GiB</td><td class="n">800.0 GiB</td><td class="n">800.0 GiB</td></tr>
</tbody></table>
</section>
<section id="changes" aria-labelledby="changes-h" tabindex="-1">
<h2 id="changes-h">Changes, in the order of execution</h2>
<form class="filter" id="filter" role="search" aria-label="Filter changes" hidden>
<label>Text <input type="search" id="search" placeholder="name, id, attribute, file (/)" autocomplete="off"></label>
<fieldset><legend>Action</legend><label><input type="checkbox" name="action" value="replace" checked> replace (1)</label></fieldset>
<fieldset><legend>Impact</legend><label><input type="checkbox" name="impact" value="data-loss" checked> data-loss (1)</label></fieldset>
<button type="reset">Show all</button>
<output id="shown" aria-live="polite"></output>
</form>
<p class="controls" hidden><button type="button" id="open-all">Unfold all shown</button> <button type="button" id="close-all">Fold all shown</button></p>
<div class="changes" id="list" role="list">
<div id="c1" role="listitem" class="change a-replace" data-action="replace" data-impact="data-loss"><details><summary><span class="what"><span class="sign" aria-hidden="true">±</span> replace</span> <strong>container.a</strong> <span class="dim">101 on pve</span> <span class="badge">DATA LOSS</span><span class="dim"> unprivileged true → false</span></summary><div class="body">
<p>unprivileged true → false</p><ul><li><strong>local-lvm:vm-101-disk-0, 4GiB, is destroyed</strong></li></ul>
<figure><figcaption><code>main.phx</code></figcaption><pre><span class="no">3</span>container a {
</pre></figure>
<details><summary>5 actions</summary><pre>a2  shut down 101  after a1
    POST /nodes/pve/lxc/101/status/shutdown
    timeout = 180
    forceStop = 1
a3  delete container 101  after a2
    DELETE /nodes/pve/lxc/101
    purge = 1
    destroy-unreferenced-disks = 0
a4  create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst  after a3
    POST /nodes/pve/lxc
    vmid = 101
    ostemplate = local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
    hostname = a
    description = &lt;!-- phx:1 stack=t address=container.a id=101 building set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9da3 --&gt;
    tags = phx-t
    memory = 512
    unprivileged = 0
    rootfs = local-lvm:4
    net0 = name=eth0,bridge=vmbr0,hwaddr=02:5F:1E:80:26:C1,ip=10.0.0.9/24,gw=10.0.0.1
a5  start 101  after a4
    POST /nodes/pve/lxc/101/status/start
a6  note that 101 is complete  after a5
    PUT /nodes/pve/lxc/101/config
    description = &lt;!-- phx:1 stack=t address=container.a id=101 set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9da3 --&gt;
</pre></details>
</div></details></div>
</div>
</section>
<section aria-labelledby="graph-h">
<h2 id="graph-h">What waits for what</h2>
<p class="dim">From left to right; what is not connected runs side by side. A box leads to its change.</p>
<div class="view" role="region" aria-label="Dependency graph, scrollable" tabindex="0">
<svg role="group" aria-label="Dependency graph" width="238" height="62" viewBox="0 0 238 62">
<a href="#c1"><g class="node a-replace"><rect class="box" x="14" y="14" width="210" height="34" rx="5"/><text x="23" y="35">± container.a</text><title>replace container.a</title></g></a>
</svg></div>
<details><summary>The graph in words</summary><ul>
</ul></details>
</section>
<section aria-labelledby="time-h">
<h2 id="time-h">When it happens</h2>
<p>About <strong>49 s</strong>, estimated from what is usual. The longest chain, on which the time hangs, has a thick border.</p>
<div class="view" role="region" aria-label="Time line, scrollable" tabindex="0">
<svg role="group" aria-label="Time line" width="1170" height="76" viewBox="0 0 1170 76">
<path class="rule" d="M210.0 18V66"/><text x="213.0" y="14">0 s</text>
<path class="rule" d="M302.6 18V66"/><text x="305.6" y="14">5 s</text>
<path class="rule" d="M395.2 18V66"/><text x="398.2" y="14">10 s</text>
<path class="rule" d="M487.8 18V66"/><text x="490.8" y="14">15 s</text>
<path class="rule" d="M580.4 18V66"/><text x="583.4" y="14">20 s</text>
<path class="rule" d="M673.0 18V66"/><text x="676.0" y="14">25 s</text>
<path class="rule" d="M765.6 18V66"/><text x="768.6" y="14">30 s</text>
<path class="rule" d="M858.1 18V66"/><text x="861.1" y="14">35 s</text>
<path class="rule" d="M950.7 18V66"/><text x="953.7" y="14">40 s</text>
<path class="rule" d="M1043.3 18V66"/><text x="1046.3" y="14">45 s</text>
<text x="6" y="40">stack</text>
<g class="slot a-none"><rect class="bar critical" x="210.0" y="28" width="3.7" height="15"/><title>a1 take the lock of stack t, about 0 s</title></g>
<g class="slot a-none"><rect class="bar" x="1106.3" y="28" width="3.7" height="15"/><title>a7 give the lock of stack t back, about 0 s</title></g>
<text x="6" y="60">container.a</text>
<g class="slot a-replace"><rect class="bar critical" x="213.7" y="48" width="370.4" height="15"/><title>a2 shut down 101, about 20 s</title></g>
<g class="slot a-replace"><rect class="bar critical" x="584.1" y="48" width="92.6" height="15"/><title>a3 delete container 101, about 5 s</title></g>
<g class="slot a-replace"><rect class="bar critical" x="676.7" y="48" width="370.4" height="15"/><title>a4 create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst, about 20 s</title></g>
<g class="slot a-replace"><rect class="bar critical" x="1047.0" y="48" width="55.6" height="15"/><title>a5 start 101, about 3 s</title></g>
<g class="slot a-replace"><rect class="bar critical" x="1102.6" y="48" width="3.7" height="15"/><title>a6 note that 101 is complete, about 0 s</title></g>
</svg></div>
<details><summary>The longest chain, action by action</summary><ol>
<li><code>stack</code>: take the lock of stack t, about 0 s</li>
<li><code>container.a</code>: shut down 101, about 20 s</li>
<li><code>container.a</code>: delete container 101, about 5 s</li>
<li><code>container.a</code>: create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst, about 20 s</li>
<li><code>container.a</code>: start 101, about 3 s</li>
<li><code>container.a</code>: note that 101 is complete, about 0 s</li>
</ol></details>
<details><summary>Guests that are down in between</summary><ul>
<li><code>container.a</code> about 48 s</li>
</ul></details>
</section>
<section aria-labelledby="inputs-h">
<h2 id="inputs-h">What it was made from</h2>
<details><summary>Files, variables, cluster</summary>
<div class="wide"><table><thead><tr><th scope="col">Input</th><th scope="col">SHA-256</th></tr></thead><tbody>
<tr><th scope="row"><code>main.phx</code></th><td><code>de8d73bced509a25d29c69a6e6747f3cfc6339ad383cad000f22958278250a8a</code></td></tr>
</tbody></table></div>
<p></p>
<p>phx 0.1.0; Proxmox VE 8.4.1; nodes: <code>pve</code></p>
</details>
</section>
</main>
<footer class="dim"><p>Made by phx. This page holds everything; it loads nothing.</p></footer>
</body>
</html>
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
