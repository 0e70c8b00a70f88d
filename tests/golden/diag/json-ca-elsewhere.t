The CA is a container, and only the VMs' file is given: the feature is left out, and said so. With both files it is not.
-- args --
validate phoenix_vm_configs.json
validate --deny reference-outside phoenix_vm_configs.json
validate phoenix_vm_configs.json phoenix_lxc_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "web", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["trusted_ca", "docker"]}
  ]
}
-- file phoenix_lxc_configs.json --
{
  "lxc_configs": {
    "103": {"name": "ca", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["step_ca"],
            "network_config": {"name": "eth0", "bridge": "vmbr0", "ip": "10.0.0.10/24", "gw": "10.0.0.1"}}
  }
}
-- stdout --
valid: 1 guest, 2 resources
valid: 2 guests, 3 resources
-- stderr --
warning[PHX0509]: no guest of these files is the CA that `trusted_ca` trusts
 --> phoenix_vm_configs.json:3:108
  |
3 |     {"vmid": 101, "name": "web", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["trusted_ca", "docker"]}
  |                                                                                                            ^^^^^^^^^^
  |
  = note: the feature is left out
  = help: give the containers' file as well, or say where the CA is: `"bootstrap_ca_url": "https://10.0.0.10:9000"`
  = explain: run `phx explain PHX0509`

error[PHX0509]: no guest of these files is the CA that `trusted_ca` trusts
 --> phoenix_vm_configs.json:3:108
  |
3 |     {"vmid": 101, "name": "web", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["trusted_ca", "docker"]}
  |                                                                                                            ^^^^^^^^^^
  |
  = note: the feature is left out
  = help: give the containers' file as well, or say where the CA is: `"bootstrap_ca_url": "https://10.0.0.10:9000"`
  = explain: run `phx explain PHX0509`

-- exit --
0
1
0
