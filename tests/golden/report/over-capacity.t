A plan that takes more than there is, in the forms that a review reads.
-- args --
$ "$PHX" plan --sim sim --format json --markdown p.md --gitlab p.json --html p.html warn.phx 2>/dev/null | sed -n '/"capacity": \[/,/^  \]/p'
$ echo '== markdown' && grep -v '^About' p.md; echo '== gitlab' && cat p.json; echo '== html, the summary' && sed -n '/id="summary-h"/,/<\/section>/p' p.html
$ echo '== html, without style and script' && sed 's/sha256-[^ ;]*/sha256-…/g; s/<style>.*/<style>/; s/^<script>.*/<script>/' p.html | sed '/<style>/,/<\/style>/d; /<script>/,/<\/script>/d'
$ echo '== json' && "$PHX" plan --sim sim --json warn.phx 2>/dev/null
-- file sim/cluster.json --
{"nodes": [{"name": "pve", "cores": 4, "memory": "8G"}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"},
              {"storage": "thin", "type": "lvmthin", "content": "images,rootdir", "size": "10G"},
              {"storage": "thick", "type": "lvm", "content": "images,rootdir", "size": "10G"}]}
-- file warn.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm big { id = 101; memory = 12GiB; storage = "thin"; disk = 20GiB; network { ip = dhcp } }
-- file deny.phx --
stack "t"
cluster c {
  endpoint = "https://127.0.0.1:8006"
  node     = "pve"
  capacity { excess = deny; storage = 3; memory = 1.25 }
}
vm big { id = 101; memory = 12GiB; storage = "thin"; disk = 20GiB; network { ip = dhcp } }
-- file thick.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; capacity { excess = ignore } }
vm big { id = 101; memory = 2GiB; storage = "thick"; disk = 20GiB; network { ip = dhcp } }
-- file cores.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
vm big { id = 101; memory = 2GiB; cores = 6; storage = "thin"; disk = 2GiB; network { ip = dhcp } }
-- stdout --
  "capacity": [
    {
      "kind": "memory",
      "node": "pve",
      "before": 0,
      "after": 12884901888,
      "used": 536870912,
      "physical": 8589934592,
      "limit": 8589934592,
      "over": true
    },
    {
      "kind": "cores",
      "node": "pve",
      "before": 0,
      "after": 1,
      "physical": 4,
      "limit": 16,
      "over": false
    },
    {
      "kind": "storage",
      "node": "pve",
      "storage": "thin",
      "type": "lvmthin",
      "thin": true,
      "before": 0,
      "after": 21474836480,
      "used": 0,
      "physical": 10737418240,
      "limit": 10737418240,
      "over": true
    }
  ],
== markdown
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.**

> **⚠ MORE THAN THERE IS**: <code>pve</code> memory, <code>pve</code> <code>thin</code>

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| create | 1 | 0 | 0 | 0 |


### Reported while planning

- **warning PHX0661** <code>warn.phx</code> line 2: node &#96;pve&#96; would have promised more memory than it may
- **warning PHX0661** <code>warn.phx</code> line 2: storage &#96;thin&#96; would have promised more space than it may

### New

<details><summary>+ create <code>vm.big</code> 101 on pve </summary>

| Attribute | Value | Note | Source |
|---|---|---|---|
| <code>memory</code> | <code>12GiB</code> |  | <code>warn.phx&#58;3</code> |
| <code>options.scsihw</code> | <code>virtio-scsi-single</code> |  | <code>warn.phx&#58;3</code> |
| <code>cores</code> | <code>1 &#40;Proxmox&#39;s default&#41;</code> |  | <code>warn.phx&#58;3</code> |
| <code>disk.root</code> | <code>20GiB on thin</code> |  | <code>warn.phx&#58;3</code> |
| <code>network</code> | <code>vmbr0, dhcp</code> |  | <code>warn.phx&#58;3</code> |

declared at <code>warn.phx&#58;3</code>

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 5 actions</sub>
== gitlab
{"create":1,"update":0,"delete":0}
== html, the summary
<h2 id="summary-h">Summary</h2>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">+ create</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory <strong>more than the limit</strong></th><td class="n">0.0 GiB</td><td class="n">12.0 GiB</td><td class="n">8.0 GiB</td><td class="n">8.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">0</td><td class="n">1</td><td class="n">4</td><td class="n">16</td></tr>
<tr><th scope="row"><code>pve</code> <code>thin</code> <strong>more than the limit</strong></th><td class="n">0.0 GiB</td><td class="n">20.0 GiB</td><td class="n">10.0 GiB</td><td class="n">10.0 GiB</td></tr>
</tbody></table>
<h3>Reported while planning</h3>
<ul>
<li><strong>warning PHX0661</strong> <code>warn.phx:2</code> node `pve` would have promised more memory than it may<br><span class="dim">if that is meant, say so in the cluster block: capacity { memory = 1.6 }</span></li>
<li><strong>warning PHX0661</strong> <code>warn.phx:2</code> storage `thin` would have promised more space than it may<br><span class="dim">if that is meant, say so in the cluster block: capacity { storage = 2.0 }</span></li>
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
<p class="total">Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.</p>
</header>
<main>
<section aria-labelledby="summary-h">
<h2 id="summary-h">Summary</h2>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">+ create</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory <strong>more than the limit</strong></th><td class="n">0.0 GiB</td><td class="n">12.0 GiB</td><td class="n">8.0 GiB</td><td class="n">8.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">0</td><td class="n">1</td><td class="n">4</td><td class="n">16</td></tr>
<tr><th scope="row"><code>pve</code> <code>thin</code> <strong>more than the limit</strong></th><td class="n">0.0 GiB</td><td class="n">20.0 GiB</td><td class="n">10.0 GiB</td><td class="n">10.0 GiB</td></tr>
</tbody></table>
<h3>Reported while planning</h3>
<ul>
<li><strong>warning PHX0661</strong> <code>warn.phx:2</code> node `pve` would have promised more memory than it may<br><span class="dim">if that is meant, say so in the cluster block: capacity { memory = 1.6 }</span></li>
<li><strong>warning PHX0661</strong> <code>warn.phx:2</code> storage `thin` would have promised more space than it may<br><span class="dim">if that is meant, say so in the cluster block: capacity { storage = 2.0 }</span></li>
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
<div id="c1" role="listitem" class="change a-create" data-action="create" data-impact="none"><details><summary><span class="what"><span class="sign" aria-hidden="true">+</span> create</span> <strong>vm.big</strong> <span class="dim">101 on pve</span><span class="dim"></span></summary><div class="body">
<div class="wide"><table><thead><tr><th scope="col">Attribute</th><th scope="col">Value</th><th scope="col">Effect</th><th scope="col">Source</th></tr></thead><tbody>
<tr><th scope="row"><code>memory</code></th><td><ins><code>12GiB</code></ins></td><td></td><td><code>warn.phx:3</code></td></tr>
<tr><th scope="row"><code>options.scsihw</code></th><td><ins><code>virtio-scsi-single</code></ins></td><td></td><td><code>warn.phx:3</code></td></tr>
<tr><th scope="row"><code>cores</code></th><td><ins><code>1 (Proxmox&#39;s default)</code></ins></td><td></td><td><code>warn.phx:3</code></td></tr>
<tr><th scope="row"><code>disk.root</code></th><td><ins><code>20GiB on thin</code></ins></td><td></td><td><code>warn.phx:3</code></td></tr>
<tr><th scope="row"><code>network</code></th><td><ins><code>vmbr0, dhcp</code></ins></td><td></td><td><code>warn.phx:3</code></td></tr>
</tbody></table></div>
<figure><figcaption><code>warn.phx</code></figcaption><pre><span class="no">3</span>vm big { id = 101; memory = 12GiB; storage = &quot;thin&quot;; disk = 20GiB; network { ip = dhcp } }
</pre></figure>
<details><summary>3 actions</summary><pre>a2  create vm 101  after a1
    POST /nodes/pve/qemu
    vmid = 101
    name = big
    description = &lt;!-- phx:1 stack=t address=vm.big id=101 building set=cloud_init~eb12~disk.root~f15c~memory~5cf6~name~9e73~network~0101~node~0c6a~options.scsihw~49ed slot%3Aroot=scsi0 --&gt;
    tags = phx-t
    memory = 12288
    scsihw = virtio-scsi-single
    ide2 = thin:cloudinit
    scsi0 = thin:20
    net0 = virtio=02:5F:1E:80:26:C1,bridge=vmbr0
    ipconfig0 = ip=dhcp
a3  start 101  after a2
    POST /nodes/pve/qemu/101/status/start
a4  note that 101 is complete  after a3
    PUT /nodes/pve/qemu/101/config
    description = &lt;!-- phx:1 stack=t address=vm.big id=101 set=cloud_init~eb12~disk.root~f15c~memory~5cf6~name~9e73~network~0101~node~0c6a~options.scsihw~49ed slot%3Aroot=scsi0 --&gt;
</pre></details>
</div></details></div>
</div>
</section>
<section aria-labelledby="graph-h">
<h2 id="graph-h">What waits for what</h2>
<p class="dim">From left to right; what is not connected runs side by side. A box leads to its change.</p>
<div class="view" role="region" aria-label="Dependency graph, scrollable" tabindex="0">
<svg role="group" aria-label="Dependency graph" width="238" height="62" viewBox="0 0 238 62">
<a href="#c1"><g class="node a-create"><rect class="box" x="14" y="14" width="210" height="34" rx="5"/><text x="23" y="35">+ vm.big</text><title>create vm.big</title></g></a>
</svg></div>
<details><summary>The graph in words</summary><ul>
</ul></details>
</section>
<section aria-labelledby="time-h">
<h2 id="time-h">When it happens</h2>
<p>About <strong>24 s</strong>, estimated from what is usual. The longest chain, on which the time hangs, has a thick border.</p>
<div class="view" role="region" aria-label="Time line, scrollable" tabindex="0">
<svg role="group" aria-label="Time line" width="1170" height="76" viewBox="0 0 1170 76">
<path class="rule" d="M210.0 18V66"/><text x="213.0" y="14">0 s</text>
<path class="rule" d="M400.7 18V66"/><text x="403.7" y="14">5 s</text>
<path class="rule" d="M591.4 18V66"/><text x="594.4" y="14">10 s</text>
<path class="rule" d="M782.0 18V66"/><text x="785.0" y="14">15 s</text>
<path class="rule" d="M972.7 18V66"/><text x="975.7" y="14">20 s</text>
<text x="6" y="40">stack</text>
<g class="slot a-none"><rect class="bar critical" x="210.0" y="28" width="7.6" height="15"/><title>a1 take the lock of stack t, about 0 s</title></g>
<g class="slot a-none"><rect class="bar" x="1102.4" y="28" width="7.6" height="15"/><title>a5 give the lock of stack t back, about 0 s</title></g>
<text x="6" y="60">vm.big</text>
<g class="slot a-create"><rect class="bar critical" x="217.6" y="48" width="762.7" height="15"/><title>a2 create vm 101, about 20 s</title></g>
<g class="slot a-create"><rect class="bar critical" x="980.3" y="48" width="114.4" height="15"/><title>a3 start 101, about 3 s</title></g>
<g class="slot a-create"><rect class="bar critical" x="1094.7" y="48" width="7.6" height="15"/><title>a4 note that 101 is complete, about 0 s</title></g>
</svg></div>
<details><summary>The longest chain, action by action</summary><ol>
<li><code>stack</code>: take the lock of stack t, about 0 s</li>
<li><code>vm.big</code>: create vm 101, about 20 s</li>
<li><code>vm.big</code>: start 101, about 3 s</li>
<li><code>vm.big</code>: note that 101 is complete, about 0 s</li>
</ol></details>
</section>
<section aria-labelledby="inputs-h">
<h2 id="inputs-h">What it was made from</h2>
<details><summary>Files, variables, cluster</summary>
<div class="wide"><table><thead><tr><th scope="col">Input</th><th scope="col">SHA-256</th></tr></thead><tbody>
<tr><th scope="row"><code>warn.phx</code></th><td><code>2f0642a5219e66d833b822f00acdec765b771f5e7e1d998582667121b9b0a46c</code></td></tr>
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
  "summary": {
    "create": 1,
    "update": 0,
    "replace": 0,
    "delete": 0,
    "adopt": 0,
    "migrate": 0,
    "none": 0,
    "restart": 0,
    "actions": 5
  },
  "changes": [
    {
      "address": "vm.big",
      "kind": "vm",
      "id": 101,
      "node": "pve",
      "action": "create",
      "impact": "none",
      "restart": false,
      "attributes": [
        {
          "path": "memory",
          "before": null,
          "after": "12GiB",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "warn.phx",
            "line": 3,
            "column": 29
          },
          "reason": ""
        },
        {
          "path": "options.scsihw",
          "before": null,
          "after": "virtio-scsi-single",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "warn.phx",
            "line": 3,
            "column": 1
          },
          "reason": ""
        },
        {
          "path": "cores",
          "before": null,
          "after": "1 (Proxmox's default)",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "warn.phx",
            "line": 3,
            "column": 1
          },
          "reason": ""
        },
        {
          "path": "disk.root",
          "before": null,
          "after": "20GiB on thin",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "warn.phx",
            "line": 3,
            "column": 54
          },
          "reason": ""
        },
        {
          "path": "network",
          "before": null,
          "after": "vmbr0, dhcp",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "warn.phx",
            "line": 3,
            "column": 68
          },
          "reason": ""
        }
      ],
      "reason": "",
      "notes": [],
      "source": {
        "path": "warn.phx",
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
      "address": "vm.big",
      "op": "create",
      "summary": "create vm 101",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/qemu",
        "params": {
          "vmid": "101",
          "name": "big",
          "description": "<!-- phx:1 stack=t address=vm.big id=101 building set=cloud_init~eb12~disk.root~f15c~memory~5cf6~name~9e73~network~0101~node~0c6a~options.scsihw~49ed slot%3Aroot=scsi0 -->",
          "tags": "phx-t",
          "memory": "12288",
          "scsihw": "virtio-scsi-single",
          "ide2": "thin:cloudinit",
          "scsi0": "thin:20",
          "net0": "virtio=02:5F:1E:80:26:C1,bridge=vmbr0",
          "ipconfig0": "ip=dhcp"
        },
        "task": true
      },
      "needs": [
        "a1"
      ],
      "locks": [
        {
          "name": "alloc:pve/thin",
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
      "id": "a3",
      "address": "vm.big",
      "op": "start",
      "summary": "start 101",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/qemu/101/status/start",
        "params": {},
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
      "address": "vm.big",
      "op": "marker",
      "summary": "note that 101 is complete",
      "call": {
        "method": "PUT",
        "path": "/nodes/pve/qemu/101/config",
        "params": {
          "description": "<!-- phx:1 stack=t address=vm.big id=101 set=cloud_init~eb12~disk.root~f15c~memory~5cf6~name~9e73~network~0101~node~0c6a~options.scsihw~49ed slot%3Aroot=scsi0 -->"
        },
        "task": false
      },
      "needs": [
        "a3"
      ],
      "locks": [
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a5",
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
        "a4"
      ],
      "locks": []
    }
  ],
  "order": [
    "vm.big"
  ],
  "estimate": {
    "makespan_ms": 23600,
    "source": "usual",
    "critical_path": [
      "a1",
      "a2",
      "a3",
      "a4"
    ],
    "actions": [
      200,
      20000,
      3000,
      200,
      200
    ],
    "starts": [
      0,
      200,
      20200,
      23200,
      23400
    ],
    "downtime": []
  },
  "capacity": [
    {
      "kind": "memory",
      "node": "pve",
      "before": 0,
      "after": 12884901888,
      "used": 536870912,
      "physical": 8589934592,
      "limit": 8589934592,
      "over": true
    },
    {
      "kind": "cores",
      "node": "pve",
      "before": 0,
      "after": 1,
      "physical": 4,
      "limit": 16,
      "over": false
    },
    {
      "kind": "storage",
      "node": "pve",
      "storage": "thin",
      "type": "lvmthin",
      "thin": true,
      "before": 0,
      "after": 21474836480,
      "used": 0,
      "physical": 10737418240,
      "limit": 10737418240,
      "over": true
    }
  ],
  "permissions": {
    "identity": "root@pam!sim",
    "checked": true,
    "needed": 12,
    "missing": []
  },
  "diagnostics": [{"code":"PHX0661","slug":"over-capacity","severity":"warning","message":"node `pve` would have promised more memory than it may","file":"warn.phx","line":2,"column":1,"end_line":2,"end_column":10,"start":10,"end":19,"labels":[],"notes":["0.0 GiB now, 12.0 GiB after this plan; there are 8.0 GiB, and the limit is 8.0 GiB"],"helps":["if that is meant, say so in the cluster block: capacity { memory = 1.6 }"],"fixes":[]},{"code":"PHX0661","slug":"over-capacity","severity":"warning","message":"storage `thin` would have promised more space than it may","file":"warn.phx","line":2,"column":1,"end_line":2,"end_column":10,"start":10,"end":19,"labels":[],"notes":["0.0 GiB now, 20.0 GiB after this plan; there are 10.0 GiB, and the limit is 10.0 GiB"],"helps":["if that is meant, say so in the cluster block: capacity { storage = 2.0 }"],"fixes":[]}]
}
