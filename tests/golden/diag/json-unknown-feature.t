A feature that phx does not have.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["dokcer"]}
  ]
}
-- stdout --
valid: 1 guest, 2 resources
-- stderr --
warning[PHX0512]: phx has no feature `dokcer`
 --> phoenix_vm_configs.json:3:106
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["dokcer"]}
  |                                                                                                          ^^^^^^
  |
  = note: it is kept as metadata, and nothing is run for it; a .phx file beside may declare it: `feature dokcer { script = "…" }`
  = note: features that come with phx are in ETC/features
help: did you mean `docker`?
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["docker"]}
  |                                                                                                          ~~~~~~
  = explain: run `phx explain PHX0512`

