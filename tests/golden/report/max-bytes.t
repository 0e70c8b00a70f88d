Markdown that does not fit is shortened in order of impact, and says by how much.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
plan --inventory inv.json --max-bytes 100 second.phx
$ "$PHX" plan --inventory inv.json --allow-destroy container.gone --format markdown --max-bytes 8000 second.phx >p.md; wc -c <p.md | awk '{ print $1 <= 8000 ? "it fits" : "it is too long: " $1 }'; cut -c 1-160 p.md
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
defaults container { ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; rootfs = "local-lvm:1"; bridge = "vmbr0"; network { ip = dhcp } }
container gone { id = 100 }
for i in 1..6 { container "u${i}" { id = 100 + i; memory = 256MiB + i * 1MiB } }
-- file second.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
defaults container { ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; rootfs = "local-lvm:1"; bridge = "vmbr0"; network { ip = dhcp } }
for i in 1..6 { container "u${i}" { id = 100 + i; memory = 512MiB + i * 1MiB; nesting = i <= 2 } }
for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
-- stdout --
it fits
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**Plan: 0 to create, 6 to update, 0 to replace, 1 to delete. Refused: nothing will be done.**

> **⚠ DATA LOSS** (1): <code>container.gone</code>

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| delete | 1 | 0 | 0 | 1 |
| update | 6 | 0 | 0 | 0 |

### Reported while planning

- **error PHX0606** <code>second.phx</code> line 5: whether guest 201 &#40;&#96;container.n1&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 202 &#40;&#96;container.n2&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 203 &#40;&#96;container.n3&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 204 &#40;&#96;container.n4&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 205 &#40;&#96;container.n5&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 206 &#40;&#96;container.n6&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 207 &#40;&#96;container.n7&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 208 &#40;&#96;container.n8&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 209 &#40;&#96;container.n9&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 210 &#40;&#96;container.n10&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 211 &#40;&#96;container.n11&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 212 &#40;&#96;container.n12&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 213 &#40;&#96;container.n13&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 214 &#40;&#96;container.n14&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 215 &#40;&#96;container.n15&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 216 &#40;&#96;container.n16&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 217 &#40;&#96;container.n17&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 218 &#40;&#96;container.n18&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 219 &#40;&#96;container.n19&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 220 &#40;&#96;container.n20&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 221 &#40;&#96;container.n21&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 222 &#40;&#96;container.n22&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 223 &#40;&#96;container.n23&#96;&#41; exists cannot be told
- **error PHX0606** <code>second.phx</code> line 5: whether guest 224 &#40;&#96;container.n24&#96;&#41; exists cannot be told
- and 6 more

### Deleted, replaced, or data is lost

<details open><summary>&#8722; delete <code>container.gone</code> 100 on pve: it left the configuration <b>DATA LOSS</b></summary>

- **local-lvm&#58;vm-100-disk-0, 1GiB, is destroyed**

</details>


### Restarted or stopped

<details><summary>~ update <code>container.u1</code> 101 on pve: nesting <code>false → true</code>, memory <code>257MiB → 513MiB</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>nesting</code> | <code>false</code> | <code>true</code> | **RESTART**: Proxmox cannot change features like this while the guest runs | <code>second.phx&
| <code>memory</code> | <code>257MiB</code> | <code>513MiB</code> |  | <code>second.phx&#58;4</code> |

declared at <code>second.phx&#58;4</code>

</details>

<details><summary>~ update <code>container.u2</code> 102 on pve: nesting <code>false → true</code>, memory <code>258MiB → 514MiB</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>nesting</code> | <code>false</code> | <code>true</code> | **RESTART**: Proxmox cannot change features like this while the guest runs | <code>second.phx&
| <code>memory</code> | <code>258MiB</code> | <code>514MiB</code> |  | <code>second.phx&#58;4</code> |

declared at <code>second.phx&#58;4</code>

</details>


### Changed in place

<details><summary>~ update <code>container.u3</code> 103 on pve: memory <code>259MiB → 515MiB</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>memory</code> | <code>259MiB</code> | <code>515MiB</code> |  | <code>second.phx&#58;4</code> |

declared at <code>second.phx&#58;4</code>

</details>

<details><summary>~ update <code>container.u4</code> 104 on pve: memory <code>260MiB → 516MiB</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>memory</code> | <code>260MiB</code> | <code>516MiB</code> |  | <code>second.phx&#58;4</code> |

declared at <code>second.phx&#58;4</code>

</details>

<details><summary>~ update <code>container.u5</code> 105 on pve: memory <code>261MiB → 517MiB</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>memory</code> | <code>261MiB</code> | <code>517MiB</code> |  | <code>second.phx&#58;4</code> |

declared at <code>second.phx&#58;4</code>

</details>

<details><summary>~ update <code>container.u6</code> 106 on pve: memory <code>262MiB → 518MiB</code></summary>

| Attribute | Before | After | Effect | Source |
|---|---|---|---|---|
| <code>memory</code> | <code>262MiB</code> | <code>518MiB</code> |  | <code>second.phx&#58;4</code> |

declared at <code>second.phx&#58;4</code>

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 0 actions</sub>
-- stderr --
phx: `--max-bytes 100`: expected a number from 8000 on
  hint: GitHub takes comments of 65536 characters, GitLab of 1000000
error[PHX0606]: whether guest 201 (`container.n1`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor
  = explain: run `phx explain PHX0606`

error[PHX0606]: whether guest 202 (`container.n2`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 203 (`container.n3`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 204 (`container.n4`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 205 (`container.n5`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 206 (`container.n6`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 207 (`container.n7`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 208 (`container.n8`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 209 (`container.n9`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 210 (`container.n10`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 211 (`container.n11`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 212 (`container.n12`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 213 (`container.n13`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 214 (`container.n14`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 215 (`container.n15`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 216 (`container.n16`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 217 (`container.n17`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 218 (`container.n18`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 219 (`container.n19`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error[PHX0606]: whether guest 220 (`container.n20`) exists cannot be told
 --> second.phx:5:18
  |
5 | for i in 1..30 { container "n${i}" { id = 200 + i; memory = 256MiB + i * 1MiB } }
  |                  ^^^^^^^^^^^^^^^^^
  |
  = note: `the token` may not see all guests, and Proxmox leaves out what it may not see
  = help: on the node: pveum acl modify /vms --users 'USER@REALM!TOKEN' --roles PVEAuditor

error: 10 more errors are not shown (30 in all; --max-errors 0 shows all)
-- exit --
0
0
64
0
