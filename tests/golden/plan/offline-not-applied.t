A plan made without a cluster can be shown, not applied.
-- args --
plan --offline -o p.phxplan main.phx
show p.phxplan
apply --sim sim p.phxplan
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
-- stdout --
Stack t, planned without a cluster: everything is new

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB
      rootfs   4GiB on local-lvm
      network  vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 6 actions.
About ….
Stack t, planned without a cluster: everything is new

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB
      rootfs   4GiB on local-lvm
      network  vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 6 actions.
About ….
-- stderr --
saved as p.phxplan, for reading: a plan made without a cluster is not applied
phx: the plan was made without a cluster (--offline): it is for reading only
  hint: plan again with the cluster, and review that
-- exit --
0
0
1
