Dhcp beside a gateway is a warning in JSON.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "network_config": {"ip": "dhcp", "gw": "10.0.0.1"}}
  ]
}
-- stdout --
valid: 1 guest, 2 resources
-- stderr --
warning[PHX0407]: a gateway beside dhcp
 --> phoenix_vm_configs.json:3:131
  |
3 | ...e": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "network_config": {"ip": "dhcp", "gw": "10.0.0.1"}}
  |                                                                                                                ^^^^^^^^^^ dhcp brings one of its own: this one is left out
  |
  = explain: run `phx explain PHX0407`

