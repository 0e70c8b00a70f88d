A guest that left the configuration, in every form.
-- args --
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
$ sed -i '/^container/,$d' main.phx
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

- container.a  101 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 4GiB, is destroyed

! DATA LOSS: container.a
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete; 4 actions.
About ….
== json
{
  "format": "phx-plan/1",
  "stack": "t",
  "cluster": "pve",
  "offline": false,
  "summary": {
    "create": 0,
    "update": 0,
    "replace": 0,
    "delete": 1,
    "adopt": 0,
    "migrate": 0,
    "none": 0,
    "restart": 0,
    "actions": 4
  },
  "changes": [
    {
      "address": "container.a",
      "kind": "container",
      "id": 101,
      "node": "pve",
      "action": "delete",
      "impact": "data-loss",
      "restart": false,
      "attributes": [],
      "reason": "it left the configuration",
      "notes": [
        "local-lvm:vm-101-disk-0, 4GiB, is destroyed"
      ],
      "source": null
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
        "a3"
      ],
      "locks": []
    }
  ],
  "order": [],
  "estimate": {
    "makespan_ms": 25400,
    "source": "usual",
    "critical_path": [
      "a1",
      "a2",
      "a3"
    ],
    "actions": [
      200,
      20000,
      5000,
      200
    ],
    "starts": [
      0,
      200,
      20200,
      25200
    ],
    "downtime": []
  },
  "capacity": [
    {
      "kind": "memory",
      "node": "pve",
      "before": 536870912,
      "after": 0,
      "used": 0,
      "physical": 137438953472,
      "limit": 137438953472,
      "over": false
    },
    {
      "kind": "cores",
      "node": "pve",
      "before": 1,
      "after": 0,
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
      "after": 0,
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

**Plan: 0 to create, 0 to update, 0 to replace, 1 to delete; 4 actions.**

> **⚠ DATA LOSS** (1): <code>container.a</code>

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| delete | 1 | 0 | 0 | 1 |

About ….

### Deleted, replaced, or data is lost

<details open><summary>&#8722; delete <code>container.a</code> 101 on pve: it left the configuration <b>DATA LOSS</b></summary>

- **local-lvm&#58;vm-101-disk-0, 4GiB, is destroyed**

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 4 actions</sub>
== gitlab
{"create":0,"update":0,"delete":1}
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
<p class="total">Plan: 0 to create, 0 to update, 0 to replace, 1 to delete; 4 actions.</p>
</header>
<main>
<section aria-labelledby="summary-h">
<h2 id="summary-h">Summary</h2>
<p class="loud"><strong>DATA LOSS</strong> (1): <a href="#c1">container.a</a></p>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">- delete</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.5 GiB</td><td class="n">0.0 GiB</td><td class="n">128.0 GiB</td><td class="n">128.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">1</td><td class="n">0</td><td class="n">32</td><td class="n">128</td></tr>
<tr><th scope="row"><code>pve</code> <code>local-lvm</code></th><td class="n">0.0 GiB</td><td class="n">0.0 GiB</td><td class="n">800.0 GiB</td><td class="n">800.0 GiB</td></tr>
</tbody></table>
</section>
<section id="changes" aria-labelledby="changes-h" tabindex="-1">
<h2 id="changes-h">Changes, in the order of execution</h2>
<form class="filter" id="filter" role="search" aria-label="Filter changes" hidden>
<label>Text <input type="search" id="search" placeholder="name, id, attribute, file (/)" autocomplete="off"></label>
<fieldset><legend>Action</legend><label><input type="checkbox" name="action" value="delete" checked> delete (1)</label></fieldset>
<fieldset><legend>Impact</legend><label><input type="checkbox" name="impact" value="data-loss" checked> data-loss (1)</label></fieldset>
<button type="reset">Show all</button>
<output id="shown" aria-live="polite"></output>
</form>
<p class="controls" hidden><button type="button" id="open-all">Unfold all shown</button> <button type="button" id="close-all">Fold all shown</button></p>
<div class="changes" id="list" role="list">
<div id="c1" role="listitem" class="change a-delete" data-action="delete" data-impact="data-loss"><details><summary><span class="what"><span class="sign" aria-hidden="true">-</span> delete</span> <strong>container.a</strong> <span class="dim">101 on pve</span> <span class="badge">DATA LOSS</span><span class="dim"> it left the configuration</span></summary><div class="body">
<p>it left the configuration</p><ul><li><strong>local-lvm:vm-101-disk-0, 4GiB, is destroyed</strong></li></ul>
<details><summary>2 actions</summary><pre>a2  shut down 101  after a1
    POST /nodes/pve/lxc/101/status/shutdown
    timeout = 180
    forceStop = 1
a3  delete container 101  after a2
    DELETE /nodes/pve/lxc/101
    purge = 1
    destroy-unreferenced-disks = 0
</pre></details>
</div></details></div>
</div>
</section>
<section aria-labelledby="graph-h">
<h2 id="graph-h">What waits for what</h2>
<p class="dim">From left to right; what is not connected runs side by side. A box leads to its change.</p>
<div class="view" role="region" aria-label="Dependency graph, scrollable" tabindex="0">
<svg role="group" aria-label="Dependency graph" width="238" height="62" viewBox="0 0 238 62">
<a href="#c1"><g class="node a-delete"><rect class="box" x="14" y="14" width="210" height="34" rx="5"/><text x="23" y="35">- container.a</text><title>delete container.a</title></g></a>
</svg></div>
<details><summary>The graph in words</summary><ul>
</ul></details>
</section>
<section aria-labelledby="time-h">
<h2 id="time-h">When it happens</h2>
<p>About <strong>25 s</strong>, estimated from what is usual. The longest chain, on which the time hangs, has a thick border.</p>
<div class="view" role="region" aria-label="Time line, scrollable" tabindex="0">
<svg role="group" aria-label="Time line" width="1170" height="76" viewBox="0 0 1170 76">
<path class="rule" d="M210.0 18V66"/><text x="213.0" y="14">0 s</text>
<path class="rule" d="M387.2 18V66"/><text x="390.2" y="14">5 s</text>
<path class="rule" d="M564.3 18V66"/><text x="567.3" y="14">10 s</text>
<path class="rule" d="M741.5 18V66"/><text x="744.5" y="14">15 s</text>
<path class="rule" d="M918.7 18V66"/><text x="921.7" y="14">20 s</text>
<path class="rule" d="M1095.8 18V66"/><text x="1098.8" y="14">25 s</text>
<text x="6" y="40">stack</text>
<g class="slot a-none"><rect class="bar critical" x="210.0" y="28" width="7.1" height="15"/><title>a1 take the lock of stack t, about 0 s</title></g>
<g class="slot a-none"><rect class="bar" x="1102.9" y="28" width="7.1" height="15"/><title>a4 give the lock of stack t back, about 0 s</title></g>
<text x="6" y="60">container.a</text>
<g class="slot a-delete"><rect class="bar critical" x="217.1" y="48" width="708.7" height="15"/><title>a2 shut down 101, about 20 s</title></g>
<g class="slot a-delete"><rect class="bar critical" x="925.7" y="48" width="177.2" height="15"/><title>a3 delete container 101, about 5 s</title></g>
</svg></div>
<details><summary>The longest chain, action by action</summary><ol>
<li><code>stack</code>: take the lock of stack t, about 0 s</li>
<li><code>container.a</code>: shut down 101, about 20 s</li>
<li><code>container.a</code>: delete container 101, about 5 s</li>
</ol></details>
</section>
<section aria-labelledby="inputs-h">
<h2 id="inputs-h">What it was made from</h2>
<details><summary>Files, variables, cluster</summary>
<div class="wide"><table><thead><tr><th scope="col">Input</th><th scope="col">SHA-256</th></tr></thead><tbody>
<tr><th scope="row"><code>main.phx</code></th><td><code>9f83186585e8b4f17bada540ae00a5eec2af419334709496afab2e2a0b4115cc</code></td></tr>
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
