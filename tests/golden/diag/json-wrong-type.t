A list where a number belongs.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "cores": [2]}
  ]
}
-- stderr --
error[PHX0504]: `cores` takes a number, not a list
 --> phoenix_vm_configs.json:3:101
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "cores": [2]}
  |                                                                                                     ^^^
  |
  = explain: run `phx explain PHX0504`

-- exit --
1
