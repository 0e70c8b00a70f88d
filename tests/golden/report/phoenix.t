The first build of the Phoenix lab. Lines with places in its sources are left out: they change with every edit of the example.
-- args --
$ cp -r "$SOURCE/examples/phoenix" lab && "$PHX" inventory --sim sim -o inv.json lab
$ "$PHX" plan --inventory inv.json --summary -o p.phxplan lab | sed 's/[0-9]* actions/N actions/'
$ echo '== text' && "$PHX" show p.phxplan | grep '^[+~±-]\|^Plan' | sed 's/  lab.*//; s/[0-9]* actions/N actions/'
$ echo '== json' && "$PHX" show --json p.phxplan | sed -n '/"summary": {/,/"none"/p'
$ echo '== markdown' && "$PHX" show --format markdown p.phxplan | grep -v 'lab/\|^| Attr\|^|---\|^$' | sed 's/[0-9]* actions/N actions/'
$ echo '== gitlab' && "$PHX" show --format gitlab p.phxplan
$ echo '== html' && "$PHX" show --format html p.phxplan | grep 'waits\? for <code>\|<h2\|<title>phx'
-- stdout --
Stack phoenix on cluster pve

+ create   4 containers clone of container.base
+ create   2 vms of image.noble
+ create   2 vms clone of vm.ubuntu-2404-docker
+ create   image.noble
+ create   pool.phoenix
+ create   container.base of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
+ create   vm.docker-1 clone of vm.ubuntu-2404
+ create   container.vllm clone of container.cuda

Plan: 13 to create, 0 to update, 0 to replace, 0 to delete; N actions.
About …; longest chain: container.base → container.step-ca → container.traefik → vm.portainer → vm.drphoenix and 2 more.
Outputs:
  ca_ip     = "10.0.0.10/24"
  portainer = "https://10.0.0.111:9443"
== text
+ image.noble on pve
+ pool.phoenix
+ container.base  900 on pve
+ vm.ubuntu-2404  8000 on pve
+ vm.docker-1  8001 on pve
+ vm.ubuntu-2404-docker  9000 on pve
+ container.step-ca  103 on pve
+ container.traefik  102 on pve
+ container.nginx  101 on pve
+ vm.portainer  1001 on pve
+ vm.drphoenix  1002 on pve
+ container.cuda  901 on pve
+ container.vllm  910 on pve
Plan: 13 to create, 0 to update, 0 to replace, 0 to delete; N actions.
== json
  "summary": {
    "create": 13,
    "update": 0,
    "replace": 0,
    "delete": 0,
    "adopt": 0,
    "migrate": 0,
    "none": 0,
== markdown
<!-- phx-plan:phoenix -->
## phx plan: stack <code>phoenix</code> on <code>pve</code>
**Plan: 13 to create, 0 to update, 0 to replace, 0 to delete; N actions.**
| Action | Resources | Restarted | Stopped | Data loss |
| create | 13 | 0 | 0 | 0 |
About 23 min&#59; longest chain&#58; container.base → container.step-ca → container.traefik → vm.portainer → vm.drphoenix and 2 more.
### New
<details><summary>+ create <code>image.noble</code> on pve </summary>
</details>
<details><summary>+ create <code>pool.phoenix</code> </summary>
</details>
<details><summary>+ create <code>container.base</code> 900 on pve of local&#58;vztmpl/ubuntu-24.04-standard&#95;24.04-2&#95;amd64.tar.zst</summary>
</details>
<details><summary>+ create <code>vm.ubuntu-2404</code> 8000 on pve of image.noble</summary>
- the guest agent is installed at the first start if the image has none&#58; local&#58;snippets/phx-agent-65c549f8ac78.yaml
</details>
<details><summary>+ create <code>vm.docker-1</code> 8001 on pve clone of vm.ubuntu-2404</summary>
- inside, by the guest agent&#58; feature docker, health
</details>
<details><summary>+ create <code>vm.ubuntu-2404-docker</code> 9000 on pve of image.noble</summary>
- the guest agent is installed at the first start if the image has none&#58; local&#58;snippets/phx-agent-65c549f8ac78.yaml
</details>
<details><summary>+ create <code>container.step-ca</code> 103 on pve clone of container.base</summary>
- directories of the node are made as root there, over the host channel
- set as root on the node, over the host channel&#58; mount./etc/step-ca/ssl
- inside, by &#96;pct exec&#96; on pve&#58; feature base-setup, feature step-cli, feature step-ca
</details>
<details><summary>+ create <code>container.traefik</code> 102 on pve clone of container.base</summary>
- inside, by &#96;pct exec&#96; on pve&#58; feature base-setup, feature trusted-ca, feature step-cli, feature traefik
</details>
<details><summary>+ create <code>container.nginx</code> 101 on pve clone of container.base</summary>
- inside, by &#96;pct exec&#96; on pve&#58; feature base-setup, feature trusted-ca, feature step-cli
</details>
<details><summary>+ create <code>vm.portainer</code> 1001 on pve clone of vm.ubuntu-2404-docker</summary>
- inside, by the guest agent&#58; nfs /mnt/persistent, feature base-setup, feature trusted-ca, feature step-cli, feature docker
</details>
<details><summary>+ create <code>vm.drphoenix</code> 1002 on pve clone of vm.ubuntu-2404-docker</summary>
- inside, by the guest agent&#58; nfs /mnt/persistent, feature base-setup, feature docker
</details>
<details><summary>+ create <code>container.cuda</code> 901 on pve clone of container.base</summary>
- inside, by &#96;pct exec&#96; on pve&#58; feature nvidia
- is started for what is done inside, and shut down after it
</details>
<details><summary>+ create <code>container.vllm</code> 910 on pve clone of container.cuda</summary>
</details>
<sub>phx 0.1.0, Proxmox VE 8.4.1, N actions</sub>
== gitlab
{"create":13,"update":0,"delete":0}
== html
<title>phx plan: phoenix on pve</title>
<h2 id="summary-h">Summary</h2>
<h2 id="changes-h">Changes, in the order of execution</h2>
<h2 id="graph-h">What waits for what</h2>
<li><code>vm.ubuntu-2404</code> waits for <code>image.noble</code></li>
<li><code>vm.docker-1</code> waits for <code>pool.phoenix</code>, <code>vm.ubuntu-2404</code></li>
<li><code>vm.ubuntu-2404-docker</code> waits for <code>vm.ubuntu-2404</code></li>
<li><code>container.step-ca</code> waits for <code>pool.phoenix</code>, <code>container.base</code></li>
<li><code>container.traefik</code> waits for <code>container.step-ca</code></li>
<li><code>container.nginx</code> waits for <code>container.step-ca</code></li>
<li><code>vm.portainer</code> waits for <code>vm.ubuntu-2404-docker</code>, <code>container.traefik</code></li>
<li><code>vm.drphoenix</code> waits for <code>vm.portainer</code></li>
<li><code>container.cuda</code> waits for <code>vm.drphoenix</code></li>
<li><code>container.vllm</code> waits for <code>container.cuda</code></li>
<h2 id="time-h">When it happens</h2>
<h2 id="inputs-h">What it was made from</h2>
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
