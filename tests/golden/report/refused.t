A plan that is refused is reported all the same, with why.
-- args --
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
$ sed -i '/^container/,$d' main.phx
$ echo '== text'
plan --inventory inv.json --markdown p.md --gitlab p.json main.phx
$ cat p.md p.json
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
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete. Refused: nothing will be done.
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**Plan: 0 to create, 0 to update, 0 to replace, 1 to delete. Refused: nothing will be done.**

> **⚠ DATA LOSS** (1): <code>container.a</code>

| Action | Resources | Restarted | Stopped | Data loss |
|---|--:|--:|--:|--:|
| delete | 1 | 0 | 0 | 1 |

### Reported while planning

- **error PHX0608** &#96;container.a&#96; &#40;container 101&#41; left the configuration and would be deleted

### Deleted, replaced, or data is lost

<details open><summary>&#8722; delete <code>container.a</code> 101 on pve: it left the configuration <b>DATA LOSS</b></summary>

- **local-lvm&#58;vm-101-disk-0, 4GiB, is destroyed**

</details>

<sub>phx 0.1.0, Proxmox VE 8.4.1, 0 actions</sub>
{"create":0,"update":0,"delete":1}
-- stderr --
error[PHX0608]: `container.a` (container 101) left the configuration and would be deleted
  = note: local-lvm:vm-101-disk-0, 4GiB, is destroyed
  = help: to allow it this once: --allow-destroy container.a
  = explain: run `phx explain PHX0608`

-- exit --
0
0
0
0
1
0
