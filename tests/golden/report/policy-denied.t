A plan that a policy denies, and another warns of, in every form: each says which, of what, and where.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx >/dev/null 2>&1
$ sed -i '/^vm goes/d' main.phx; "$PHX" plan --sim sim --allow-destroy vm.goes --markdown p.md --html p.html --gitlab p.json main.phx >p.txt 2>/dev/null; echo "exit $?"
$ echo '== text' && cat p.txt
$ echo '== markdown' && cat p.md
$ echo '== gitlab' && cat p.json
$ echo '== html' && sed -n '/>Policies</,/<\/ul>/p' p.html
$ echo '== json' && "$PHX" plan --sim sim --allow-destroy vm.goes --json main.phx | jq '.policies'
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm goes { id = 102; memory = 1GiB; disk = 1GiB; storage = "local-lvm"; running = false }
vm stays { id = 101; memory = 1GiB; disk = 1GiB; storage = "local-lvm"; running = false }
policy no-quiet-destroy {
  for c in changes() {
    assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be <destroyed> & *gone*"
  }
}
policy tagged {
  severity = warn
  for g in guests() { assert length(g.tags) > 0, "${g.address} has no tag" }
}
policy few { assert length(changes()) < 5 }
-- stdout --
exit 3
== text
Stack t on cluster pve (http://127.0.0.1:PORT)

- vm.goes  102 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-102-disk-0, 1GiB, is destroyed

Policies
  no-quiet-destroy  DENIES the plan  main.phx:4
    vm.goes would be <destroyed> & *gone*  main.phx:6
  tagged            warns  main.phx:9
    vm.stays has no tag  main.phx:3
  few               passed

! DATA LOSS: vm.goes
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete. Denied by a policy: nothing will be done.
About ….
== markdown
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**Plan: 0 to create, 0 to update, 0 to replace, 1 to delete. Denied by a policy: nothing will be done.**

> **⚠ DATA LOSS** (1): <code>vm.goes</code>

> **⚠ REFUSED BY POLICY**: see below

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| delete | 1 | 0 | 0 | 1 |

About ….

### Policies

- **denied** <code>no-quiet-destroy</code>: vm.goes would be &#60;destroyed&#62; &#38;<!-- --> &#42;gone&#42;
- **warning** <code>tagged</code>: vm.stays has no tag

1 policy passed.

### Deleted, replaced, or data is lost

<details open><summary>&#8722; delete <code>vm.goes</code> 102 on pve: it left the configuration <b>DATA LOSS</b></summary>

- **local-lvm&#58;vm-102-disk-0, 1GiB, is destroyed**

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 3 actions</sub>
== gitlab
{"create":0,"update":0,"delete":1}
== html
<h3>Policies</h3>
<ul>
<li><code>no-quiet-destroy</code> <strong>denies the plan</strong><br>vm.goes would be &lt;destroyed&gt; &amp; *gone*</li>
<li><code>tagged</code> <strong>warns</strong><br>vm.stays has no tag</li>
<li><code>few</code> passed</li>
</ul>
== json
[
  {
    "name": "no-quiet-destroy",
    "severity": "deny",
    "passed": false,
    "source": {
      "path": "main.phx",
      "line": 4,
      "column": 1
    },
    "findings": [
      {
        "message": "vm.goes would be <destroyed> & *gone*",
        "address": "vm.goes",
        "source": null,
        "assertion": {
          "path": "main.phx",
          "line": 6,
          "column": 12
        }
      }
    ]
  },
  {
    "name": "tagged",
    "severity": "warn",
    "passed": false,
    "source": {
      "path": "main.phx",
      "line": 9,
      "column": 1
    },
    "findings": [
      {
        "message": "vm.stays has no tag",
        "address": "vm.stays",
        "source": {
          "path": "main.phx",
          "line": 3,
          "column": 1
        },
        "assertion": {
          "path": "main.phx",
          "line": 11,
          "column": 30
        }
      }
    ]
  },
  {
    "name": "few",
    "severity": "deny",
    "passed": true,
    "source": {
      "path": "main.phx",
      "line": 13,
      "column": 1
    },
    "findings": []
  }
]
