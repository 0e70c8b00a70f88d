An unknown property is kept, and warned of.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "memroy_mb": 512}
  ]
}
-- stdout --
valid: 1 guest, 2 resources
-- stderr --
warning[PHX0510]: a VM has no property `memroy_mb`
 --> phoenix_vm_configs.json:3:92
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "memroy_mb": 512}
  |                                                                                            ^^^^^^^^^^^
  |
  = note: it is kept, and has no effect
help: did you mean `memory_mb`?
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "memory_mb": 512}
  |                                                                                             ~~~~~~~~~
  = explain: run `phx explain PHX0510`

