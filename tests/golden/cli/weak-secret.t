A secret that is an ordinary word is not masked in free text, a warning says so, and keys and words of a plan stay what they
are; its typed place reads (secret).
-- args --
$ for pw in create image local phoenix other a-store; do "$PHX" plan --offline --json --set pw=$pw main.phx | grep -E '"(stack|action|create|sensitive|message)"|\(secret\)"' | sort -u; done
$ "$PHX" plan --offline --json --set pw=quite-otherwise main.phx | grep -E '"message"|secret'
plan --offline --set pw=other main.phx
$ for pw in image local; do "$PHX" plan --sim lab --set pw=$pw -o p.plan main.phx >out 2>&1 || cat out; "$PHX" apply --yes --sim lab --sim-speed 0 --set pw=$pw p.plan >out 2>&1 || cat out; done
$ "$PHX" plan --sim lab --set pw=local main.phx 2>/dev/null
-- file main.phx --
stack "phoenix"
param pw: secret<string>
image noble { url = "https://images.test/noble.qcow2"; storage = "local" }
pool a-store-of-guests {}
vm portainer {
  id = 100
  image = image.noble
  disk = 4GiB
  storage = "local-lvm"
  network { ip = dhcp }
  user phoenix { password = pw }
}
-- stdout --
          "after": "(secret)",
          "sensitive": false,
          "sensitive": true,
      "action": "create",
      "address": "stack",
      "op": "create",
    "create": 3,
  "diagnostics": [{"code":"PHX0332","slug":"weak-secret","severity":"warning","message":"the secret in `password` of vm.portainer is an ordinary word: it cannot be hidden in texts","labels":[],"notes":[],"helps":["take another one, that nothing else is called"],"fixes":[]}]
  "stack": "phoenix",
          "after": "(secret)",
          "sensitive": false,
          "sensitive": true,
      "action": "create",
      "address": "stack",
      "op": "create",
    "create": 3,
  "diagnostics": [{"code":"PHX0332","slug":"weak-secret","severity":"warning","message":"the secret in `password` of vm.portainer is an ordinary word: it cannot be hidden in texts","labels":[],"notes":[],"helps":["take another one, that nothing else is called"],"fixes":[]}]
  "stack": "phoenix",
          "after": "(secret)",
          "sensitive": false,
          "sensitive": true,
      "action": "create",
      "address": "stack",
      "op": "create",
    "create": 3,
  "diagnostics": [{"code":"PHX0332","slug":"weak-secret","severity":"warning","message":"the secret in `password` of vm.portainer is an ordinary word: it cannot be hidden in texts","labels":[],"notes":[],"helps":["take another one, that nothing else is called"],"fixes":[]}]
  "stack": "phoenix",
          "after": "(secret)",
          "sensitive": false,
          "sensitive": true,
      "action": "create",
      "address": "stack",
      "op": "create",
    "create": 3,
  "diagnostics": [{"code":"PHX0332","slug":"weak-secret","severity":"warning","message":"the secret in `password` of vm.portainer is an ordinary word: it cannot be hidden in texts","labels":[],"notes":[],"helps":["take another one, that nothing else is called"],"fixes":[]}]
  "stack": "phoenix",
          "after": "(secret)",
          "sensitive": false,
          "sensitive": true,
      "action": "create",
      "address": "stack",
      "op": "create",
    "create": 3,
  "diagnostics": [{"code":"PHX0332","slug":"weak-secret","severity":"warning","message":"the secret in `password` of vm.portainer is an ordinary word: it cannot be hidden in texts","labels":[],"notes":[],"helps":["take another one, that nothing else is called"],"fixes":[]}]
  "stack": "phoenix",
          "after": "(secret)",
          "sensitive": false,
          "sensitive": true,
      "action": "create",
      "address": "stack",
      "op": "create",
    "create": 3,
  "diagnostics": [{"code":"PHX0332","slug":"weak-secret","severity":"warning","message":"the secret in `password` of vm.portainer is an ordinary word: it cannot be hidden in texts","labels":[],"notes":[],"helps":["take another one, that nothing else is called"],"fixes":[]}]
  "stack": "phoenix",
          "after": "(secret)",
          "cipassword": "(secret) ba70e7451b5c26771c6904a1a3712c6e",
Stack phoenix, planned without a cluster: everything is new

+ image.noble on {node}  main.phx:3
    create
      url     https://images.test/noble.qcow2
      volume  local:import/noble.qcow2 on {node}

+ pool.a-store-of-guests  main.phx:4
    create

+ vm.portainer  100 on {node}  main.phx:5
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      user.password   (secret)
      user            phoenix
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       4GiB on local-lvm
      network         vmbr0, dhcp
      · the image must bring the guest agent: phx installs it where it has a host channel and a
        storage that takes snippets

Plan: 3 to create, 0 to update, 0 to replace, 0 to delete; 10 actions.
About …; longest chain: image.noble → vm.portainer.
Stack phoenix on cluster pve (http://127.0.0.1:PORT)

No changes. 2 resources are as declared.
-- stderr --
warning[PHX0332]: the secret in `password` of vm.portainer is an ordinary word: it cannot be hidden in texts
  = help: take another one, that nothing else is called
  = explain: run `phx explain PHX0332`

