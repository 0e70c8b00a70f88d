Containers that need each other.
-- args --
validate phoenix_lxc_configs.json
-- file phoenix_lxc_configs.json --
{
  "lxc_configs": {
    "101": {"name": "a", "memory_mb": 512, "cores": 1, "storage_pool": "local-lvm", "storage_size_gb": 4, "template": "/t/debian-12-standard_12.7-1_amd64.tar.zst", "network_config": {"name": "eth0", "bridge": "vmbr0", "ip": "10.0.0.5/24", "gw": "10.0.0.1"}, "dependencies": ["102"]},
    "102": {"name": "b", "memory_mb": 512, "cores": 1, "storage_pool": "local-lvm", "storage_size_gb": 4, "template": "/t/debian-12-standard_12.7-1_amd64.tar.zst", "network_config": {"name": "eth0", "bridge": "vmbr0", "ip": "10.0.0.6/24", "gw": "10.0.0.1"}, "dependencies": ["101"]}
  }
}
-- stderr --
error[PHX0409]: references in a circle: container.a → container.b → container.a
 --> phoenix_lxc_configs.json:3:277
  |
3 | ... "network_config": {"name": "eth0", "bridge": "vmbr0", "ip": "10.0.0.5/24", "gw": "10.0.0.1"}, "dependencies": ["102"]},
  |                                                                                                                     ^^^ `container.a` needs `container.b` (depends_on)
4 | ..., "network_config": {"name": "eth0", "bridge": "vmbr0", "ip": "10.0.0.6/24", "gw": "10.0.0.1"}, "dependencies": ["101"]}
  |                                                                                                                      --- `container.b` needs `container.a` (depends_on)
  |
  = help: none of them can be made first: take one of these references away
  = explain: run `phx explain PHX0409`

-- exit --
1
