What somebody changed on the cluster, in the forms that a review reads.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx >/dev/null 2>&1
$ python3 -c 'import json,urllib.request,urllib.parse as u; i=json.load(open("sim/server.json")); urllib.request.urlopen(urllib.request.Request(i["url"]+"/api2/json/nodes/pve/lxc/101/config",method="PUT",data=u.urlencode({"memory":"768","cores":"3","nameserver":"9.9.9.9"}).encode(),headers={"Authorization":"PVEAPIToken="+i["token"]}))'
plan --sim sim --markdown p.md --gitlab p.json --html p.html main.phx
$ echo '== markdown' && grep -v '^About' p.md; echo '== gitlab' && cat p.json; echo '== html, the summary' && sed -n '/id="summary-h"/,/<\/section>/p' p.html
$ echo '== html, without style and script' && sed 's/sha256-[^ ;]*/sha256-…/g; s/<style>.*/<style>/; s/^<script>.*/<script>/' p.html | sed '/<style>/,/<\/style>/d; /<script>/,/<\/script>/d'
$ echo '== json' && "$PHX" plan --sim sim --json main.phx 2>/dev/null
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
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.8 GiB</td><td class="n">0.5 GiB</td><td class="n">128.0 GiB</td><td class="n">128.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">3</td><td class="n">2</td><td class="n">32</td><td class="n">128</td></tr>
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
<div id="c1" role="listitem" class="change a-update" data-action="update" data-impact="live"><details><summary><span class="what"><span class="sign" aria-hidden="true">~</span> update</span> <strong>container.a</strong> <span class="dim">101 on pve</span><span class="dim"> cores 3 → 2, memory 768MiB → 512MiB, dns.servers 9.9.9.9 → 1.1.1.1</span></summary><div class="body">
<div class="wide"><table><thead><tr><th scope="col">Attribute</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Effect</th><th scope="col">Source</th></tr></thead><tbody>
<tr><th scope="row"><code>cores</code></th><td><del><code>3</code></del></td><td><ins><code>2</code></ins></td><td>changed on the cluster</td><td><code>main.phx:8</code></td></tr>
<tr><th scope="row"><code>memory</code></th><td><del><code>768MiB</code></del></td><td><ins><code>512MiB</code></ins></td><td>changed on the cluster</td><td><code>main.phx:6</code></td></tr>
<tr><th scope="row"><code>dns.servers</code></th><td><del><code>9.9.9.9</code></del></td><td><ins><code>1.1.1.1</code></ins></td><td>changed on the cluster; takes back what is pending</td><td><code>main.phx:12</code></td></tr>
</tbody></table></div>
<figure><figcaption><code>main.phx</code></figcaption><pre><span class="no">4</span>container a {
<span class="no">6</span>  memory = 512MiB   # enough
<span class="no">8</span>  cores = 1 + 1
<span class="no">12</span>  dns { servers = servers }
</pre></figure>
<details><summary>1 action</summary><pre>a2  configure 101  after a1
    PUT /nodes/pve/lxc/101/config
    cores = 2
    memory = 512
    nameserver = 1.1.1.1
    description = &lt;!-- phx:1 stack=t address=container.a id=101 set=cores~9cd9~dns.servers~991f~memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~swap~04f9~unprivileged~9310 --&gt;
    digest = 7145df26d8de63cef9deee7a205a22a6d2071e5e
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
<tr><th scope="row"><code>main.phx</code></th><td><code>7448224b8b17e3140963d35c1af31dd1d76e5a6603bdeb6f6ed5b1291a81bbeb</code></td></tr>
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
          "path": "cores",
          "before": "3",
          "after": "2",
          "sensitive": false,
          "pending": false,
          "impact": "live",
          "drift": true,
          "source": {
            "path": "main.phx",
            "line": 8,
            "column": 11
          },
          "reason": "changed on the cluster"
        },
        {
          "path": "memory",
          "before": "768MiB",
          "after": "512MiB",
          "sensitive": false,
          "pending": false,
          "impact": "live",
          "drift": true,
          "source": {
            "path": "main.phx",
            "line": 6,
            "column": 12
          },
          "reason": "changed on the cluster"
        },
        {
          "path": "dns.servers",
          "before": "9.9.9.9",
          "after": "1.1.1.1",
          "sensitive": false,
          "pending": false,
          "impact": "live",
          "drift": true,
          "source": {
            "path": "main.phx",
            "line": 12,
            "column": 19
          },
          "reason": "changed on the cluster; takes back what is pending"
        }
      ],
      "reason": "",
      "notes": [],
      "source": {
        "path": "main.phx",
        "line": 4,
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
          "cores": "2",
          "memory": "512",
          "nameserver": "1.1.1.1",
          "description": "<!-- phx:1 stack=t address=container.a id=101 set=cores~9cd9~dns.servers~991f~memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~swap~04f9~unprivileged~9310 -->",
          "digest": "7145df26d8de63cef9deee7a205a22a6d2071e5e"
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
      "before": 805306368,
      "after": 536870912,
      "used": 8589934592,
      "physical": 137438953472,
      "limit": 137438953472,
      "over": false
    },
    {
      "kind": "cores",
      "node": "pve",
      "before": 3,
      "after": 2,
      "physical": 32,
      "limit": 128,
      "over": false
    }
  ],
  "permissions": {
    "identity": "root@pam!sim",
    "checked": true,
    "needed": 6,
    "missing": []
  },
  "diagnostics": []
}
