A plan is for the cluster that it was made on.
-- args --
$ "$PHX" plan --sim sim -o p.phxplan main.phx >/dev/null
apply --sim prod p.phxplan
-- file prod/cluster.json --
{"nodes": [{"name": "pve1"}, {"name": "pve2"}], "cluster": "prod", "clustered": true}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
phx: the plan was made for another cluster: for `pve` (nodes pve), and this is `prod` (nodes pve1, pve2)
  hint: check --cluster, --sim and the endpoint; nothing was done
-- exit --
0
1
