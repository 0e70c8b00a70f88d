A rule without an action, and objects that are none: nothing is dropped in silence.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm",
     "firewall": {"enabled": true, "rules": [{"type": "in", "action": "", "proto": "tcp"}, {"type": "", "action": "ACCEPT"}]}},
    {"vmid": 102, "name": "b", "template_image": "noble.img", "storage_pool": "local-lvm",
     "network_config": ["x"], "firewall": ["x"], "health_check": []}
  ]
}
-- stderr --
error[PHX0505]: a rule without `action`: `ACCEPT`, `DROP` or `REJECT`
 --> phoenix_vm_configs.json:4:71
  |
4 |      "firewall": {"enabled": true, "rules": [{"type": "in", "action": "", "proto": "tcp"}, {"type": "", "action": "ACCEPT"}]}},
  |                                                                       ^^
  |
  = explain: run `phx explain PHX0505`

error[PHX0505]: a rule without `type`: `in` or `out`
 --> phoenix_vm_configs.json:4:101
  |
4 |      "firewall": {"enabled": true, "rules": [{"type": "in", "action": "", "proto": "tcp"}, {"type": "", "action": "ACCEPT"}]}},
  |                                                                                                     ^^

error[PHX0504]: `network_config` takes an object, not a list
 --> phoenix_vm_configs.json:6:24
  |
6 |      "network_config": ["x"], "firewall": ["x"], "health_check": []}
  |                        ^^^^^
  |
  = explain: run `phx explain PHX0504`

error[PHX0504]: `firewall` takes an object, not a list
 --> phoenix_vm_configs.json:6:43
  |
6 |      "network_config": ["x"], "firewall": ["x"], "health_check": []}
  |                                           ^^^^^

-- exit --
1
