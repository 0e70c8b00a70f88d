Outputs: by `phx output`, which asks no cluster, in plans of all forms, and after an apply. A secret is never printed.
-- args --
output
output --json
output --name ip
output --name password
output --name all --json
output --name ipp
plan --offline
$ "$PHX" plan --offline --json | jq -c .outputs
$ "$PHX" apply --sim sim --yes 2>/dev/null | sed -n "/^Apply/,\$p"
$ "$PHX" plan --sim sim -o p.plan >/dev/null 2>&1; "$PHX" show p.plan | sed 1d
-- file main.phx --
stack "o"
cluster c { endpoint = "https://127.0.0.1:8006"; token = env("NOT_SET_HERE") }
let word = secret("correct-horse")
vm web { id = 200; disk = 1GiB; storage = "local-lvm"; network { ip = 10.0.0.5/24; gw = 10.0.0.1 } }
output password = word
output ip = vm.web.network.ip
output all = [vm.web.id, "a ${vm.web.name}\n"]
-- stdout --
all      = [200,"a web\n"]
ip       = "10.0.0.5/24"
password = "(secret)"
{"all": [200,"a web\n"], "ip": "10.0.0.5/24", "password": "(secret)"}
10.0.0.5/24
(secret)
[200,"a web\n"]
Stack o, planned without a cluster: everything is new

+ vm.web  200 on {node}  main.phx:4
    create
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local-lvm
      network         vmbr0, 10.0.0.5/24 via 10.0.0.1

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
Outputs:
  all      = [200,"a web\n"]
  ip       = "10.0.0.5/24"
  password = "(secret)"
{"all":[200,"a web\n"],"ip":"10.0.0.5/24","password":"(secret)"}
Apply complete: 5 done; 0.0 s
Outputs:
  all      = [200,"a web\n"]
  ip       = "10.0.0.5/24"
  password = "(secret)"

No changes. 1 resource is as declared.
Outputs:
  all      = [200,"a web\n"]
  ip       = "10.0.0.5/24"
  password = "(secret)"
-- stderr --
phx: the configuration has no output `ipp`
  hint: did you mean `ip`?
-- exit --
0
0
0
0
0
64
0
0
0
0
