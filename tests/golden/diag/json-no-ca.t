A CA is to be trusted, and nothing says which: no guest is one, or it has no fixed address. One guest says it itself.
-- args --
plan --offline phoenix_lxc_configs.json
plan --offline dhcp/phoenix_lxc_configs.json
-- file phoenix_lxc_configs.json --
{
  "lxc_configs": {
    "101": {"name": "web", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["base_setup", "trusted_ca"]},
    "102": {"name": "app", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["trusted_ca"],
            "bootstrap_ca_url": "https://10.0.0.10:9000"}
  }
}
-- file dhcp/phoenix_lxc_configs.json --
{
  "lxc_configs": {
    "101": {"name": "web", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["base_setup", "trusted_ca"]},
    "102": {"name": "app", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["trusted_ca"],
            "bootstrap_ca_url": "https://10.0.0.10:9000"},
    "103": {"name": "ca", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["step_ca"],
            "network_config": {"name": "eth0", "bridge": "vmbr0", "ip": "dhcp"}}
  }
}
-- stderr --
error[PHX0513]: `trusted_ca`: nothing says which CA is to be trusted
 --> phoenix_lxc_configs.json:3:128
  |
3 | ...web", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["base_setup", "trusted_ca"]},
  |                                                                                                              ^^^^^^^^^^
  |
  = note: no guest of these files has the feature `step_ca`
  = help: give one guest the feature `step_ca`, or say where the CA is: `"bootstrap_ca_url": "https://10.0.0.10:9000"`
  = explain: run `phx explain PHX0513`

error[PHX0513]: `trusted_ca`: nothing says which CA is to be trusted
 --> dhcp/phoenix_lxc_configs.json:3:128
  |
3 | ...web", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["base_setup", "trusted_ca"]},
  |                                                                                                              ^^^^^^^^^^
...
6 |     "103": {"name": "ca", "template": "local:vztmpl/debian.tar.zst", "storage_pool": "local-lvm", "features": ["step_ca"],
  |     ----- has `step_ca`, but no fixed address
  |
  = help: give it an address in `network_config.ip`, or say where the CA is: `"bootstrap_ca_url": "https://10.0.0.10:9000"`
  = explain: run `phx explain PHX0513`

-- exit --
1
1
