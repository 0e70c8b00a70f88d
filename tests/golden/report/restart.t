An update that needs a restart, in every form.
-- args --
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
$ sed -i 's/unprivileged = true/&\n  nesting = true/' main.phx
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
    ! RESTART: the guest is restarted for this
      nesting  false → true  main.phx:9
               RESTART: Proxmox cannot change features like this while the guest runs

! RESTART: container.a
Plan: 0 to create, 1 to update (1 restart), 0 to replace, 0 to delete; 5 actions.
About …; container.a is down for about ….
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
    "restart": 1,
    "actions": 5
  },
  "changes": [
    {
      "address": "container.a",
      "kind": "container",
      "id": 101,
      "node": "pve",
      "action": "update",
      "impact": "restart",
      "restart": true,
      "attributes": [
        {
          "path": "nesting",
          "before": "false",
          "after": "true",
          "sensitive": false,
          "pending": false,
          "impact": "restart",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 9,
            "column": 13
          },
          "reason": "Proxmox cannot change features like this while the guest runs"
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
          "features": "nesting=1",
          "description": "<!-- phx:1 stack=t address=container.a id=101 set=memory~c809~name~cd20~nesting~3b4e~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 -->",
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
      "address": "container.a",
      "op": "shutdown",
      "summary": "shut down 101",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/lxc/101/status/shutdown",
        "params": {
          "timeout": "180"
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
      "op": "start",
      "summary": "start 101",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/lxc/101/status/start",
        "params": {},
        "task": true
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
    "container.a"
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
      200,
      20000,
      3000,
      200
    ],
    "starts": [
      0,
      200,
      400,
      20400,
      23400
    ],
    "downtime": [
      {
        "address": "container.a",
        "ms": 23000
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

**Plan: 0 to create, 1 to update (1 restart), 0 to replace, 0 to delete; 5 actions.**

> **⚠ RESTART** (1): <code>container.a</code>

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| update | 1 | 1 | 0 | 0 |

About 25 s&#59; container.a is down for about ….

### Restarted or stopped

<details><summary>~ update <code>container.a</code> 101 on pve: nesting <code>false → true</code> <b>RESTART</b></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>nesting</code> | <code>false</code> | <code>true</code> | **RESTART**: Proxmox cannot change features like this while the guest runs | <code>main.phx&#58;9</code> |

declared at <code>main.phx&#58;3</code>

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 5 actions</sub>
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
<p class="total">Plan: 0 to create, 1 to update (1 restart), 0 to replace, 0 to delete; 5 actions.</p>
</header>
<main>
<section aria-labelledby="summary-h">
<h2 id="summary-h">Summary</h2>
<p class="loud"><strong>RESTART</strong> (1): <a href="#c1">container.a</a></p>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">~ update</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.5 GiB</td><td class="n">0.5 GiB</td><td class="n">128.0 GiB</td><td class="n">128.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">1</td><td class="n">1</td><td class="n">32</td><td class="n">128</td></tr>
</tbody></table>
</section>
<section id="changes" aria-labelledby="changes-h" tabindex="-1">
<h2 id="changes-h">Changes, in the order of execution</h2>
<form class="filter" id="filter" role="search" aria-label="Filter changes" hidden>
<label>Text <input type="search" id="search" placeholder="name, id, attribute, file (/)" autocomplete="off"></label>
<fieldset><legend>Action</legend><label><input type="checkbox" name="action" value="update" checked> update (1)</label></fieldset>
<fieldset><legend>Impact</legend><label><input type="checkbox" name="impact" value="restart" checked> restart (1)</label></fieldset>
<button type="reset">Show all</button>
<output id="shown" aria-live="polite"></output>
</form>
<p class="controls" hidden><button type="button" id="open-all">Unfold all shown</button> <button type="button" id="close-all">Fold all shown</button></p>
<div class="changes" id="list" role="list">
<div id="c1" role="listitem" class="change a-update" data-action="update" data-impact="restart"><details><summary><span class="what"><span class="sign" aria-hidden="true">~</span> update</span> <strong>container.a</strong> <span class="dim">101 on pve</span> <span class="badge">RESTART</span><span class="dim"> nesting false → true</span></summary><div class="body">
<div class="wide"><table><thead><tr><th scope="col">Attribute</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Effect</th><th scope="col">Source</th></tr></thead><tbody>
<tr><th scope="row"><code>nesting</code></th><td><del><code>false</code></del></td><td><ins><code>true</code></ins></td><td><strong>RESTART</strong>: Proxmox cannot change features like this while the guest runs</td><td><code>main.phx:9</code></td></tr>
</tbody></table></div>
<figure><figcaption><code>main.phx</code></figcaption><pre><span class="no">3</span>container a {
<span class="no">9</span>  nesting = true
</pre></figure>
<details><summary>3 actions</summary><pre>a2  configure 101  after a1
    PUT /nodes/pve/lxc/101/config
    features = nesting=1
    description = &lt;!-- phx:1 stack=t address=container.a id=101 set=memory~c809~name~cd20~nesting~3b4e~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 --&gt;
    digest = 07a2603baa44158cd33cc39a1221554daea38d57
a3  shut down 101  after a2
    POST /nodes/pve/lxc/101/status/shutdown
    timeout = 180
a4  start 101  after a3
    POST /nodes/pve/lxc/101/status/start
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
<text x="6" y="60">container.a</text>
<g class="slot a-update"><rect class="bar critical" x="217.6" y="48" width="7.6" height="15"/><title>a2 configure 101, about 0 s</title></g>
<g class="slot a-update"><rect class="bar critical" x="225.3" y="48" width="762.7" height="15"/><title>a3 shut down 101, about 20 s</title></g>
<g class="slot a-update"><rect class="bar critical" x="988.0" y="48" width="114.4" height="15"/><title>a4 start 101, about 3 s</title></g>
</svg></div>
<details><summary>The longest chain, action by action</summary><ol>
<li><code>stack</code>: take the lock of stack t, about 0 s</li>
<li><code>container.a</code>: configure 101, about 0 s</li>
<li><code>container.a</code>: shut down 101, about 20 s</li>
<li><code>container.a</code>: start 101, about 3 s</li>
</ol></details>
<details><summary>Guests that are down in between</summary><ul>
<li><code>container.a</code> about 23 s</li>
</ul></details>
</section>
<section aria-labelledby="inputs-h">
<h2 id="inputs-h">What it was made from</h2>
<details><summary>Files, variables, cluster</summary>
<div class="wide"><table><thead><tr><th scope="col">Input</th><th scope="col">SHA-256</th></tr></thead><tbody>
<tr><th scope="row"><code>main.phx</code></th><td><code>387a0994f3494508fe24148fdf5e22de9e2c992d29849c4337ede23394fa541f</code></td></tr>
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
