One update of a running guest, in every form.
-- args --
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
$ sed -i 's/512MiB/1GiB/' main.phx
$ echo '== text'
plan --inventory inv.json -o p.phxplan main.phx
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

~ container.a  101 on pve  main.phx:3
    update
      memory  512MiB → 1GiB  main.phx:5

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.
About ….
== json
{
  "format": "phx-plan/1",
  "stack": "t",
  "cluster": "pve",
  "offline": false,
  "summary": {
    "create": 0,
    "update": 1,
    "replace": 0,
    "delete": 0,
    "adopt": 0,
    "migrate": 0,
    "none": 0,
    "restart": 0,
    "actions": 3
  },
  "changes": [
    {
      "address": "container.a",
      "kind": "container",
      "id": 101,
      "node": "pve",
      "action": "update",
      "impact": "live",
      "restart": false,
      "attributes": [
        {
          "path": "memory",
          "before": "512MiB",
          "after": "1GiB",
          "sensitive": false,
          "pending": false,
          "impact": "live",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 5,
            "column": 12
          },
          "reason": ""
        }
      ],
      "reason": "",
      "notes": [],
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
      "op": "config",
      "summary": "configure 101",
      "call": {
        "method": "PUT",
        "path": "/nodes/pve/lxc/101/config",
        "params": {
          "memory": "1024",
          "description": "<!-- phx:1 stack=t address=container.a id=101 set=memory~6ade~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 -->",
          "digest": "07a2603baa44158cd33cc39a1221554daea38d57"
        },
        "task": false
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
        "a2"
      ],
      "locks": []
    }
  ],
  "order": [
    "container.a"
  ],
  "estimate": {
    "makespan_ms": 600,
    "source": "usual",
    "critical_path": [
      "a1",
      "a2"
    ],
    "actions": [
      200,
      200,
      200
    ],
    "starts": [
      0,
      200,
      400
    ],
    "downtime": []
  },
  "capacity": [
    {
      "kind": "memory",
      "node": "pve",
      "before": 536870912,
      "after": 1073741824,
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

**Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.**

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| update | 1 | 0 | 0 | 0 |

About ….

### Changed in place

<details><summary>~ update <code>container.a</code> 101 on pve: memory <code>512MiB → 1GiB</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>memory</code> | <code>512MiB</code> | <code>1GiB</code> |  | <code>main.phx&#58;5</code> |

declared at <code>main.phx&#58;3</code>

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 3 actions</sub>
== gitlab
{"create":0,"update":1,"delete":0}
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
<p class="total">Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.</p>
</header>
<main>
<section aria-labelledby="summary-h">
<h2 id="summary-h">Summary</h2>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">~ update</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.5 GiB</td><td class="n">1.0 GiB</td><td class="n">128.0 GiB</td><td class="n">128.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">1</td><td class="n">1</td><td class="n">32</td><td class="n">128</td></tr>
</tbody></table>
</section>
<section id="changes" aria-labelledby="changes-h" tabindex="-1">
<h2 id="changes-h">Changes, in the order of execution</h2>
<form class="filter" id="filter" role="search" aria-label="Filter changes" hidden>
<label>Text <input type="search" id="search" placeholder="name, id, attribute, file (/)" autocomplete="off"></label>
<fieldset><legend>Action</legend><label><input type="checkbox" name="action" value="update" checked> update (1)</label></fieldset>
<fieldset><legend>Impact</legend><label><input type="checkbox" name="impact" value="live" checked> live (1)</label></fieldset>
<button type="reset">Show all</button>
<output id="shown" aria-live="polite"></output>
</form>
<p class="controls" hidden><button type="button" id="open-all">Unfold all shown</button> <button type="button" id="close-all">Fold all shown</button></p>
<div class="changes" id="list" role="list">
<div id="c1" role="listitem" class="change a-update" data-action="update" data-impact="live"><details><summary><span class="what"><span class="sign" aria-hidden="true">~</span> update</span> <strong>container.a</strong> <span class="dim">101 on pve</span><span class="dim"> memory 512MiB → 1GiB</span></summary><div class="body">
<div class="wide"><table><thead><tr><th scope="col">Attribute</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Effect</th><th scope="col">Source</th></tr></thead><tbody>
<tr><th scope="row"><code>memory</code></th><td><del><code>512MiB</code></del></td><td><ins><code>1GiB</code></ins></td><td></td><td><code>main.phx:5</code></td></tr>
</tbody></table></div>
<figure><figcaption><code>main.phx</code></figcaption><pre><span class="no">3</span>container a {
<span class="no">5</span>  memory = 1GiB
</pre></figure>
<details><summary>1 action</summary><pre>a2  configure 101  after a1
    PUT /nodes/pve/lxc/101/config
    memory = 1024
    description = &lt;!-- phx:1 stack=t address=container.a id=101 set=memory~6ade~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 --&gt;
    digest = 07a2603baa44158cd33cc39a1221554daea38d57
</pre></details>
</div></details></div>
</div>
</section>
<section aria-labelledby="graph-h">
<h2 id="graph-h">What waits for what</h2>
<p class="dim">From left to right; what is not connected runs side by side. A box leads to its change.</p>
<div class="view" role="region" aria-label="Dependency graph, scrollable" tabindex="0">
<svg role="group" aria-label="Dependency graph" width="238" height="62" viewBox="0 0 238 62">
<a href="#c1"><g class="node a-update"><rect class="box" x="14" y="14" width="210" height="34" rx="5"/><text x="23" y="35">~ container.a</text><title>update container.a</title></g></a>
</svg></div>
<details><summary>The graph in words</summary><ul>
</ul></details>
</section>
<section aria-labelledby="time-h">
<h2 id="time-h">When it happens</h2>
<p>About <strong>1 s</strong>, estimated from what is usual. The longest chain, on which the time hangs, has a thick border.</p>
<div class="view" role="region" aria-label="Time line, scrollable" tabindex="0">
<svg role="group" aria-label="Time line" width="1170" height="76" viewBox="0 0 1170 76">
<path class="rule" d="M210.0 18V66"/><text x="213.0" y="14">0 s</text>
<text x="6" y="40">stack</text>
<g class="slot a-none"><rect class="bar critical" x="210.0" y="28" width="300.0" height="15"/><title>a1 take the lock of stack t, about 0 s</title></g>
<g class="slot a-none"><rect class="bar" x="810.0" y="28" width="300.0" height="15"/><title>a3 give the lock of stack t back, about 0 s</title></g>
<text x="6" y="60">container.a</text>
<g class="slot a-update"><rect class="bar critical" x="510.0" y="48" width="300.0" height="15"/><title>a2 configure 101, about 0 s</title></g>
</svg></div>
<details><summary>The longest chain, action by action</summary><ol>
<li><code>stack</code>: take the lock of stack t, about 0 s</li>
<li><code>container.a</code>: configure 101, about 0 s</li>
</ol></details>
</section>
<section aria-labelledby="inputs-h">
<h2 id="inputs-h">What it was made from</h2>
<details><summary>Files, variables, cluster</summary>
<div class="wide"><table><thead><tr><th scope="col">Input</th><th scope="col">SHA-256</th></tr></thead><tbody>
<tr><th scope="row"><code>main.phx</code></th><td><code>35ec3d62ddec6de5eb7ec868077d50f33581db809786199552dd1c3ffdac9234</code></td></tr>
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
