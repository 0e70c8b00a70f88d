A plan that a policy denies, in the forms that a review reads.
-- args --
$ "$PHX" apply --yes --sim sim --sim-speed 0 first.phx >/dev/null 2>&1
plan --sim sim --allow-destroy vm.gone --policy-dir rules --markdown p.md --gitlab p.json --html p.html second.phx
$ echo '== markdown' && grep -v '^About' p.md; echo '== gitlab' && cat p.json; echo '== html, the summary' && sed -n '/id="summary-h"/,/<\/section>/p' p.html
$ echo '== html, without style and script' && sed 's/sha256-[^ ;]*/sha256-…/g; s/<style>.*/<style>/; s/^<script>.*/<script>/' p.html | sed '/<style>/,/<\/style>/d; /<script>/,/<\/script>/d' | sed -E 's/\b[0-9a-f]{40}\b/…/'
$ echo '== json' && "$PHX" plan --sim sim --allow-destroy vm.gone --policy-dir rules --json second.phx 2>/dev/null | sed -E 's/\b[0-9a-f]{40}\b/…/'
-- file first.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm stays { id = 101; memory = 1GiB; disk = 1GiB; storage = "local-lvm"; running = false }
vm gone { id = 102; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false; tags = ["old"]; notes = "mine" }
-- file second.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm stays { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false }
-- file rules/quiet.phx --
policy no-quiet-destroy {
  severity = deny
  for c in changes() {
    assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
  }
}
policy no-growth {
  severity = deny
  for c in changes() {
    for a in c.attributes {
      assert a.path != "memory", "${c.address}: ${a.path} from ${coalesce(a.before, "none")} to ${coalesce(a.after, "none")}"
    }
  }
}
policy passes { assert length(changes()) < 5 }
-- file warn/left.phx --
policy what-left {
  severity = warn
  for c in changes() {
    if c.action == delete {
      assert false, "${c.guest.name} on ${c.guest.node}: ${c.guest.memory}, tags ${join(",", c.guest.tags)}, notes ${c.guest.notes}, runs ${c.guest.running}, id ${c.guest.id}"
      assert c.guest.pool != null && c.guest.network.bridge != null, "unknown is null"
    }
  }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.stays  101 on pve  second.phx:3
    update
      memory  1GiB → 2GiB  second.phx:3

- vm.gone  102 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-102-disk-0, 1GiB, is destroyed

Policies
  no-quiet-destroy  DENIES the plan  rules/quiet.phx:1
    vm.gone would be destroyed  rules/quiet.phx:4
  no-growth         DENIES the plan  rules/quiet.phx:7
    vm.stays: memory from 1GiB to 2GiB  second.phx:3
  passes            passed

! DATA LOSS: vm.gone
Plan: 0 to create, 1 to update, 0 to replace, 1 to delete. Denied by a policy: nothing will be done.
About ….
== markdown
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**Plan: 0 to create, 1 to update, 0 to replace, 1 to delete. Denied by a policy: nothing will be done.**

> **⚠ DATA LOSS** (1): <code>vm.gone</code>

> **⚠ REFUSED BY POLICY**: see below

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| delete | 1 | 0 | 0 | 1 |
| update | 1 | 0 | 0 | 0 |


### Policies

- **denied** <code>no-quiet-destroy</code>: vm.gone would be destroyed
- **denied** <code>no-growth</code>: vm.stays&#58; memory from 1GiB to 2GiB

1 policy passed.

### Deleted, replaced, or data is lost

<details open><summary>&#8722; delete <code>vm.gone</code> 102 on pve: it left the configuration <b>DATA LOSS</b></summary>

- **local-lvm&#58;vm-102-disk-0, 1GiB, is destroyed**

</details>


### Changed in place

<details><summary>~ update <code>vm.stays</code> 101 on pve: memory <code>1GiB → 2GiB</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>memory</code> | <code>1GiB</code> | <code>2GiB</code> |  | <code>second.phx&#58;3</code> |

declared at <code>second.phx&#58;3</code>

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 4 actions</sub>
== gitlab
{"create":0,"update":1,"delete":1}
== html, the summary
<h2 id="summary-h">Summary</h2>
<p class="loud"><strong>DATA LOSS</strong> (1): <a href="#c2">vm.gone</a></p>
<p class="loud"><strong>REFUSED BY POLICY</strong>: see Policies below</p>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">- delete</th><td class="n">1</td></tr>
<tr><th scope="row">~ update</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.0 GiB</td><td class="n">0.0 GiB</td><td class="n">128.0 GiB</td><td class="n">128.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">0</td><td class="n">0</td><td class="n">32</td><td class="n">128</td></tr>
<tr><th scope="row"><code>pve</code> <code>local-lvm</code></th><td class="n">0.0 GiB</td><td class="n">0.0 GiB</td><td class="n">800.0 GiB</td><td class="n">800.0 GiB</td></tr>
</tbody></table>
<h3>Policies</h3>
<ul>
<li><code>no-quiet-destroy</code> <strong>denies the plan</strong><br>vm.gone would be destroyed</li>
<li><code>no-growth</code> <strong>denies the plan</strong><br>vm.stays: memory from 1GiB to 2GiB</li>
<li><code>passes</code> passed</li>
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
<p class="total">Plan: 0 to create, 1 to update, 0 to replace, 1 to delete. Denied by a policy: nothing will be done.</p>
</header>
<main>
<section aria-labelledby="summary-h">
<h2 id="summary-h">Summary</h2>
<p class="loud"><strong>DATA LOSS</strong> (1): <a href="#c2">vm.gone</a></p>
<p class="loud"><strong>REFUSED BY POLICY</strong>: see Policies below</p>
<table><caption>How many resources</caption><thead><tr><th scope="col">Action</th><th scope="col">Resources</th></tr></thead><tbody>
<tr><th scope="row">- delete</th><td class="n">1</td></tr>
<tr><th scope="row">~ update</th><td class="n">1</td></tr>
</tbody></table>
<table><caption>Promised to guests</caption><thead><tr><th scope="col">Of</th><th scope="col">before</th><th scope="col">after</th><th scope="col">there is</th><th scope="col">limit</th></tr></thead><tbody>
<tr><th scope="row"><code>pve</code> memory</th><td class="n">0.0 GiB</td><td class="n">0.0 GiB</td><td class="n">128.0 GiB</td><td class="n">128.0 GiB</td></tr>
<tr><th scope="row"><code>pve</code> processors</th><td class="n">0</td><td class="n">0</td><td class="n">32</td><td class="n">128</td></tr>
<tr><th scope="row"><code>pve</code> <code>local-lvm</code></th><td class="n">0.0 GiB</td><td class="n">0.0 GiB</td><td class="n">800.0 GiB</td><td class="n">800.0 GiB</td></tr>
</tbody></table>
<h3>Policies</h3>
<ul>
<li><code>no-quiet-destroy</code> <strong>denies the plan</strong><br>vm.gone would be destroyed</li>
<li><code>no-growth</code> <strong>denies the plan</strong><br>vm.stays: memory from 1GiB to 2GiB</li>
<li><code>passes</code> passed</li>
</ul>
</section>
<section id="changes" aria-labelledby="changes-h" tabindex="-1">
<h2 id="changes-h">Changes, in the order of execution</h2>
<form class="filter" id="filter" role="search" aria-label="Filter changes" hidden>
<label>Text <input type="search" id="search" placeholder="name, id, attribute, file (/)" autocomplete="off"></label>
<fieldset><legend>Action</legend><label><input type="checkbox" name="action" value="update" checked> update (1)</label><label><input type="checkbox" name="action" value="delete" checked> delete (1)</label></fieldset>
<fieldset><legend>Impact</legend><label><input type="checkbox" name="impact" value="live" checked> live (1)</label><label><input type="checkbox" name="impact" value="data-loss" checked> data-loss (1)</label></fieldset>
<button type="reset">Show all</button>
<output id="shown" aria-live="polite"></output>
</form>
<p class="controls" hidden><button type="button" id="open-all">Unfold all shown</button> <button type="button" id="close-all">Fold all shown</button></p>
<div class="changes" id="list" role="list">
<div id="c1" role="listitem" class="change a-update" data-action="update" data-impact="live"><details><summary><span class="what"><span class="sign" aria-hidden="true">~</span> update</span> <strong>vm.stays</strong> <span class="dim">101 on pve</span><span class="dim"> memory 1GiB → 2GiB</span></summary><div class="body">
<div class="wide"><table><thead><tr><th scope="col">Attribute</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Effect</th><th scope="col">Source</th></tr></thead><tbody>
<tr><th scope="row"><code>memory</code></th><td><del><code>1GiB</code></del></td><td><ins><code>2GiB</code></ins></td><td></td><td><code>second.phx:3</code></td></tr>
</tbody></table></div>
<figure><figcaption><code>second.phx</code></figcaption><pre><span class="no">3</span>vm stays { id = 101; memory = 2GiB; disk = 1GiB; storage = &quot;local-lvm&quot;; running = false }
</pre></figure>
<details><summary>1 action</summary><pre>a2  configure 101  after a1
    PUT /nodes/pve/qemu/101/config
    memory = 2048
    description = &lt;!-- phx:1 stack=t address=vm.stays id=101 set=disk.root~858e~memory~81af~name~deb9~node~0c6a~options.scsihw~49ed~running~9da3 slot%3Aroot=scsi0 --&gt;
    digest = …
</pre></details>
</div></details></div>
<div id="c2" role="listitem" class="change a-delete" data-action="delete" data-impact="data-loss"><details><summary><span class="what"><span class="sign" aria-hidden="true">-</span> delete</span> <strong>vm.gone</strong> <span class="dim">102 on pve</span> <span class="badge">DATA LOSS</span><span class="dim"> it left the configuration</span></summary><div class="body">
<p>it left the configuration</p><ul><li><strong>local-lvm:vm-102-disk-0, 1GiB, is destroyed</strong></li></ul>
<details><summary>1 action</summary><pre>a3  delete vm 102  after a1
    DELETE /nodes/pve/qemu/102
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
<svg role="group" aria-label="Dependency graph" width="238" height="108" viewBox="0 0 238 108">
<a href="#c1"><g class="node a-update"><rect class="box" x="14" y="14" width="210" height="34" rx="5"/><text x="23" y="35">~ vm.stays</text><title>update vm.stays</title></g></a>
<a href="#c2"><g class="node a-delete"><rect class="box" x="14" y="60" width="210" height="34" rx="5"/><text x="23" y="81">- vm.gone</text><title>delete vm.gone</title></g></a>
</svg></div>
<details><summary>The graph in words</summary><ul>
</ul></details>
</section>
<section aria-labelledby="time-h">
<h2 id="time-h">When it happens</h2>
<p>About <strong>5 s</strong>, estimated from what is usual. The longest chain, on which the time hangs, has a thick border.</p>
<div class="view" role="region" aria-label="Time line, scrollable" tabindex="0">
<svg role="group" aria-label="Time line" width="1170" height="96" viewBox="0 0 1170 96">
<path class="rule" d="M210.0 18V86"/><text x="213.0" y="14">0 s</text>
<path class="rule" d="M376.7 18V86"/><text x="379.7" y="14">1 s</text>
<path class="rule" d="M543.3 18V86"/><text x="546.3" y="14">2 s</text>
<path class="rule" d="M710.0 18V86"/><text x="713.0" y="14">3 s</text>
<path class="rule" d="M876.7 18V86"/><text x="879.7" y="14">4 s</text>
<path class="rule" d="M1043.3 18V86"/><text x="1046.3" y="14">5 s</text>
<text x="6" y="40">stack</text>
<g class="slot a-none"><rect class="bar critical" x="210.0" y="28" width="33.3" height="15"/><title>a1 take the lock of stack t, about 0 s</title></g>
<g class="slot a-none"><rect class="bar" x="1076.7" y="28" width="33.3" height="15"/><title>a4 give the lock of stack t back, about 0 s</title></g>
<text x="6" y="60">vm.stays</text>
<g class="slot a-update"><rect class="bar" x="243.3" y="48" width="33.3" height="15"/><title>a2 configure 101, about 0 s</title></g>
<text x="6" y="80">vm.gone</text>
<g class="slot a-delete"><rect class="bar critical" x="243.3" y="68" width="833.3" height="15"/><title>a3 delete vm 102, about 5 s</title></g>
</svg></div>
<details><summary>The longest chain, action by action</summary><ol>
<li><code>stack</code>: take the lock of stack t, about 0 s</li>
<li><code>vm.gone</code>: delete vm 102, about 5 s</li>
</ol></details>
</section>
<section aria-labelledby="inputs-h">
<h2 id="inputs-h">What it was made from</h2>
<details><summary>Files, variables, cluster</summary>
<div class="wide"><table><thead><tr><th scope="col">Input</th><th scope="col">SHA-256</th></tr></thead><tbody>
<tr><th scope="row"><code>second.phx</code></th><td><code>2e4c09354deb0710b09f4e73ff958cbf36beb466f8ad2f6564797ba1661e6519</code></td></tr>
<tr><th scope="row"><code>rules/quiet.phx</code></th><td><code>ea669baf8f055446907d1f93b93ad427227fd19d63dcb4e1f48b7620266cf620</code></td></tr>
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
    "delete": 1,
    "adopt": 0,
    "migrate": 0,
    "none": 0,
    "restart": 0,
    "actions": 4
  },
  "changes": [
    {
      "address": "vm.stays",
      "kind": "vm",
      "id": 101,
      "node": "pve",
      "action": "update",
      "impact": "live",
      "restart": false,
      "attributes": [
        {
          "path": "memory",
          "before": "1GiB",
          "after": "2GiB",
          "sensitive": false,
          "pending": false,
          "impact": "live",
          "drift": false,
          "source": {
            "path": "second.phx",
            "line": 3,
            "column": 31
          },
          "reason": ""
        }
      ],
      "reason": "",
      "notes": [],
      "source": {
        "path": "second.phx",
        "line": 3,
        "column": 1
      }
    },
    {
      "address": "vm.gone",
      "kind": "vm",
      "id": 102,
      "node": "pve",
      "action": "delete",
      "impact": "data-loss",
      "restart": false,
      "attributes": [],
      "reason": "it left the configuration",
      "notes": [
        "local-lvm:vm-102-disk-0, 1GiB, is destroyed"
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
      "address": "vm.stays",
      "op": "config",
      "summary": "configure 101",
      "call": {
        "method": "PUT",
        "path": "/nodes/pve/qemu/101/config",
        "params": {
          "memory": "2048",
          "description": "<!-- phx:1 stack=t address=vm.stays id=101 set=disk.root~858e~memory~81af~name~deb9~node~0c6a~options.scsihw~49ed~running~9da3 slot%3Aroot=scsi0 -->",
          "digest": "…"
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
      "address": "vm.gone",
      "op": "delete",
      "summary": "delete vm 102",
      "call": {
        "method": "DELETE",
        "path": "/nodes/pve/qemu/102",
        "params": {
          "purge": "1",
          "destroy-unreferenced-disks": "0"
        },
        "task": true
      },
      "needs": [
        "a1"
      ],
      "locks": [
        {
          "name": "guest:102",
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
        "a2",
        "a3"
      ],
      "locks": []
    }
  ],
  "order": [
    "vm.stays"
  ],
  "policies": [
    {
      "name": "no-quiet-destroy",
      "severity": "deny",
      "passed": false,
      "source": {
        "path": "rules/quiet.phx",
        "line": 1,
        "column": 1
      },
      "findings": [
        {
          "message": "vm.gone would be destroyed",
          "address": "vm.gone",
          "source": null,
          "assertion": {
            "path": "rules/quiet.phx",
            "line": 4,
            "column": 12
          }
        }
      ]
    },
    {
      "name": "no-growth",
      "severity": "deny",
      "passed": false,
      "source": {
        "path": "rules/quiet.phx",
        "line": 7,
        "column": 1
      },
      "findings": [
        {
          "message": "vm.stays: memory from 1GiB to 2GiB",
          "address": "vm.stays",
          "source": {
            "path": "second.phx",
            "line": 3,
            "column": 31
          },
          "assertion": {
            "path": "rules/quiet.phx",
            "line": 11,
            "column": 14
          }
        }
      ]
    },
    {
      "name": "passes",
      "severity": "deny",
      "passed": true,
      "source": {
        "path": "rules/quiet.phx",
        "line": 15,
        "column": 1
      },
      "findings": []
    }
  ],
  "estimate": {
    "makespan_ms": 5400,
    "source": "usual",
    "critical_path": [
      "a1",
      "a3"
    ],
    "actions": [
      200,
      200,
      5000,
      200
    ],
    "starts": [
      0,
      200,
      200,
      5200
    ],
    "downtime": []
  },
  "capacity": [
    {
      "kind": "memory",
      "node": "pve",
      "before": 0,
      "after": 0,
      "used": 8589934592,
      "physical": 137438953472,
      "limit": 137438953472,
      "over": false
    },
    {
      "kind": "cores",
      "node": "pve",
      "before": 0,
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
      "before": 8192,
      "after": 0,
      "used": 8192,
      "physical": 858993459200,
      "limit": 858993459200,
      "over": false
    }
  ],
  "permissions": {
    "identity": "root@pam!sim",
    "checked": true,
    "needed": 5,
    "missing": []
  },
  "diagnostics": [{"code":"PHX0650","slug":"policy-denied","severity":"error","message":"policy `no-quiet-destroy` denies: vm.gone would be destroyed","file":"rules/quiet.phx","line":4,"column":12,"end_line":4,"end_column":76,"start":78,"end":142,"labels":[{"file":"rules/quiet.phx","line":4,"column":12,"end_line":4,"end_column":76,"start":78,"end":142,"text":"this is false"}],"notes":["it is about `vm.gone` (delete)","`c.action` is \"delete\"","`[delete, replace]` is [delete, replace]","`c.guest.tags` is [\"old\"]"],"helps":[],"fixes":[]},{"code":"PHX0650","slug":"policy-denied","severity":"error","message":"policy `no-growth` denies: vm.stays: memory from 1GiB to 2GiB","file":"rules/quiet.phx","line":11,"column":14,"end_line":11,"end_column":32,"start":285,"end":303,"labels":[{"file":"rules/quiet.phx","line":11,"column":14,"end_line":11,"end_column":32,"start":285,"end":303,"text":"this is false"},{"file":"second.phx","line":3,"column":31,"end_line":3,"end_column":35,"start":136,"end":140,"text":"vm.stays: update"}],"notes":["`a.path` is \"memory\""],"helps":[],"fixes":[]}]
}
-- stderr --
error[PHX0650]: policy `no-quiet-destroy` denies: vm.gone would be destroyed
 --> rules/quiet.phx:4:12
  |
4 |     assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is false
  |
  = note: it is about `vm.gone` (delete)
  = note: `c.action` is "delete"
  = note: `[delete, replace]` is [delete, replace]
  = note: `c.guest.tags` is ["old"]
  = explain: run `phx explain PHX0650`

error[PHX0650]: policy `no-growth` denies: vm.stays: memory from 1GiB to 2GiB
  --> rules/quiet.phx:11:14
   |
11 |       assert a.path != "memory", "${c.address}: ${a.path} from ${coalesce(a.before, "none")} to ${coalesce(a.after, "none")}"
   |              ^^^^^^^^^^^^^^^^^^ this is false
   |
  ::: second.phx:3:31
   |
 3 | vm stays { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false }
   |                               ---- vm.stays: update
   |
   = note: `a.path` is "memory"

-- exit --
0
3
0
0
0
