Options of plan that contradict each other, and some that only look so.
-- args --
plan --offline --sim lab main.phx
plan --inventory nosuch --sim lab main.phx
plan --offline --inventory nosuch main.phx
plan --offline --cluster nope main.phx
$ ls
plan --offline --cluster b main.phx
$ "$PHX" apply --yes --sim lab --cluster a main.phx >/dev/null 2>&1; "$PHX" inventory --sim lab --cluster a main.phx >inv.json
plan --offline --inventory inv.json --cluster a main.phx
-- file main.phx --
stack "lab"
cluster a { endpoint = "https://10.0.0.1:8006"; node = "pve" }
cluster b { endpoint = "https://10.0.0.2:8006"; node = "pve2" }
vm one { id = 100; cluster = cluster.a; disk = 1GiB; storage = "local-lvm"; running = false }
vm two { id = 100; cluster = cluster.b; disk = 1GiB; storage = "local-lvm"; running = false }
-- stdout --
main.phx
Stack lab, planned without a cluster: everything is new

+ vm.two  100 on pve2  main.phx:5
    create
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local-lvm

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 3 actions.
About ….
Stack lab on cluster pve

No changes. 1 resource is as declared.
-- stderr --
phx: `--offline` and `--sim` exclude each other
  hint: --offline asks no cluster, a simulated one neither
phx: `--inventory` and `--sim` exclude each other
  hint: the first plans against the record, the second against a cluster
phx: cannot open nosuch: No such file or directory
phx: `--cluster nope`: the configuration has no cluster of that name
  hint: clusters here: a, b
-- exit --
64
64
1
64
0
0
0
0
