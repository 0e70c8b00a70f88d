A key given twice.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "vmid": 102}
  ]
}
-- stderr --
error[PHX0501]: the key `vmid` stands twice in one object
 --> phoenix_vm_configs.json:3:92
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "vmid": 102}
  |      ------                                                                                ^^^^^^ again here
  |      |
  |      first here
  |
  = note: programs differ in which of the two they take
  = explain: run `phx explain PHX0501`

-- exit --
1
