A plan that a policy denies, in the forms that a review reads.
-- args --
$ "$PHX" apply --yes --sim sim --sim-speed 0 first.phx >/dev/null 2>&1
plan --sim sim --allow-destroy vm.gone --policy-dir rules --markdown p.md --gitlab p.json --html p.html second.phx
$ echo '== markdown' && grep -v '^About' p.md; echo '== gitlab' && cat p.json; echo '== html, the summary' && sed -n '/id="summary-h"/,/<\/section>/p' p.html
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
