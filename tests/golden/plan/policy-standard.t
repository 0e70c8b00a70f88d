The standard policies over changes: what is protected or runs is not destroyed without a tag that says so; and Phoenix JSON
files have policies as well.
-- args --
$ "$PHX" apply --yes --sim sim --sim-speed 0 first.phx 2>&1 | tail -1
plan --sim sim --policy no-destroy-of-protected-or-running --allow-destroy vm.runs --allow-destroy vm.goes --allow-destroy vm.stopped second.phx
plan --offline --policy no-password-login --policy memory-limit --set policy_memory_limit=2GiB phoenix_vm_configs.json
-- file first.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm runs    { id = 101; memory = 1GiB; disk = 1GiB; storage = "local-lvm" }
vm goes    { id = 102; memory = 1GiB; disk = 1GiB; storage = "local-lvm"; tags = ["disposable"] }
vm stopped { id = 103; memory = 1GiB; disk = 1GiB; storage = "local-lvm"; running = false }
pool p {}
-- file second.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
-- file phoenix_vm_configs.json --
{
  "vm_defaults": {"storage_pool": "local-lvm", "memory_mb": 4096, "cores": 2},
  "vms": [
    {"vmid": 9000, "name": "base", "is_template": true, "template_image": "noble.img", "memory_mb": 2048},
    {"vmid": 9001, "name": "app", "clone_from_vmid": 9000, "network_config": {"ip": "dhcp"}}
  ]
}
-- stdout --
Apply complete: 10 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

- vm.stopped  103 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-103-disk-0, 1GiB, is destroyed

- vm.goes  102 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-102-disk-0, 1GiB, is destroyed

- vm.runs  101 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-101-disk-0, 1GiB, is destroyed

Policies
  no-destroy-of-protected-or-running  DENIES the plan  etc/policies/no-destroy-of-protected-or-running.phx:5
    vm.runs runs, and the plan would delete it  etc/policies/no-destroy-of-protected-or-running.phx:9

! DATA LOSS: vm.stopped, vm.goes, vm.runs
Plan: 0 to create, 0 to update, 0 to replace, 3 to delete. Denied by a policy: nothing will be done.
About ….
Stack phoenix, planned without a cluster: everything is new

+ image.noble on {node}  phoenix_vm_configs.json:4
    create
      url     https://cloud-images.ubuntu.com/noble/current/noble.img
      volume  local:import/noble.qcow2 on {node}

+ vm.base  9000 on {node}  phoenix_vm_configs.json:4
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      cores           2
      memory          2GiB
      options.scsihw  virtio-scsi-single
      disk.root       the image's size on local-lvm
      · the image must bring the guest agent: without a cloud-init drive phx cannot install it

+ vm.app  9001 on {node}  phoenix_vm_configs.json:5
    create clone of vm.base
      cores    2
      memory   4GiB
      network  vmbr0, dhcp

Policies
  no-password-login  passed
  memory-limit       DENIES the plan  etc/policies/memory-limit.phx:8
    vm.app asks for 4GiB, more than 2GiB  phoenix_vm_configs.json:5

Plan: 3 to create, 0 to update, 0 to replace, 0 to delete. Denied by a policy: nothing will be done.
About …; longest chain: image.noble → vm.base → vm.app.
-- stderr --
error[PHX0650]: policy `no-destroy-of-protected-or-running` denies: vm.runs runs, and the plan would delete it
 --> etc/policies/no-destroy-of-protected-or-running.phx:9:14
  |
9 |       assert !c.running, "${c.address} runs, and the plan would ${c.action} it"
  |              ^^^^^^^^^^ this is false
  |
  = note: it is about `vm.runs` (delete)
  = explain: run `phx explain PHX0650`

error[PHX0650]: policy `memory-limit` denies: vm.app asks for 4GiB, more than 2GiB
  --> etc/policies/memory-limit.phx:11:12
   |
11 |     assert g.memory <= policy_memory_limit || "large-memory" in g.tags, "${g.address} asks for ${g.memory}, more than ${...
   |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is false
   |
  ::: phoenix_vm_configs.json:5:14
   |
 5 |     {"vmid": 9001, "name": "app", "clone_from_vmid": 9000, "network_config": {"ip": "dhcp"}}
   |              ---- vm.app
   |
   = note: `g.memory` is 4GiB
   = note: `policy_memory_limit` is 2GiB
   = note: `g.tags` is []
   = explain: run `phx explain PHX0650`

-- exit --
0
3
3
