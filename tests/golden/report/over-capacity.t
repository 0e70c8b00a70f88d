A plan that takes more than there is, in the forms that a review reads.
-- args --
$ "$PHX" plan --sim sim --format json --markdown p.md --gitlab p.json --html p.html warn.phx 2>/dev/null | sed -n '/"capacity": \[/,/^  \]/p'
$ echo '== markdown' && grep -v '^About' p.md; echo '== gitlab' && cat p.json; echo '== html, the summary' && sed -n '/id="summary-h"/,/<\/section>/p' p.html
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
