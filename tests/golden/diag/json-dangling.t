A clone of nothing.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "clone_from_vmid": 9000, "network_config": {"ip": "dhcp"}}
  ]
}
-- stderr --
error[PHX0508]: `clone_from_vmid` names 9000, and no guest has that id
 --> phoenix_vm_configs.json:3:51
  |
3 |     {"vmid": 101, "name": "a", "clone_from_vmid": 9000, "network_config": {"ip": "dhcp"}}
  |              ---                                  ^^^^
  |              |
  |              in this guest
  |
  = note: a clone is made from a guest of these files
  = explain: run `phx explain PHX0508`

-- exit --
1
