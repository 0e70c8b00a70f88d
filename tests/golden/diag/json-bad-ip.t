An address that is none.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "network_config": {"ip": "10.0.0.1.5/24"}}
  ]
}
-- stderr --
error[PHX0505]: `10.0.0.1.5/24` is no address with its prefix
 --> phoenix_vm_configs.json:3:88
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "network_config": {"ip": "10.0.0.1.5/24"}}
  |                                                                                        ^^^^^^^^^^^^^^^
  |
  = help: write it as `10.0.0.10/24`, or `dhcp`
  = explain: run `phx explain PHX0505`

-- exit --
1
