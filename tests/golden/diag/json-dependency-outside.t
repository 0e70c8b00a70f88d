A dependency on a guest of another file.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "dependencies": [250]}
  ]
}
-- stdout --
valid: 1 guest, 2 resources
-- stderr --
warning[PHX0509]: no guest of these files has the id 250
 --> phoenix_vm_configs.json:3:109
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "dependencies": [250]}
  |                                                                                                             ^^^
  |
  = note: the dependency is left out
  = help: give the containers' file as well
  = explain: run `phx explain PHX0509`

