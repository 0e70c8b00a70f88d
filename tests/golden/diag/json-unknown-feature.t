A feature that phx does not have: an error, unless it is allowed; an import only tells.
-- args --
validate phoenix_vm_configs.json
validate --allow unknown-json-feature phoenix_vm_configs.json
import json phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["dokcer"]}
  ]
}
-- stdout --
valid: 1 guest, 2 resources
# Imported from JSON: 5 properties, of them 1 kept as metadata and 0 dropped.
# JSON names no cluster. To plan against one, add:
#   cluster home { endpoint = "https://HOST:8006"; node = "NODE"; token = env("PHX_TOKEN") }
stack "phoenix"

image noble {
  url     = "https://cloud-images.ubuntu.com/noble/current/noble.img"
  storage = "local"
}

vm a {
  id      = 101
  image   = image.noble
  storage = "local-lvm"
  metadata {
    "features[0]" = "dokcer"
  }
}
-- stderr --
error[PHX0512]: phx has no feature `dokcer`
 --> phoenix_vm_configs.json:3:106
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["dokcer"]}
  |                                                                                                          ^^^^^^
  |
  = note: nothing could be run for it; a .phx file beside may declare it: `feature dokcer { script = "…" }`
  = note: features that come with phx are in ETC/features
help: did you mean `docker`?
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["docker"]}
  |                                                                                                          ~~~~~~
  = explain: run `phx explain PHX0512`

warning[PHX0512]: phx has no feature `dokcer`
 --> phoenix_vm_configs.json:3:106
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["dokcer"]}
  |                                                                                                          ^^^^^^
  |
  = note: nothing could be run for it; a .phx file beside may declare it: `feature dokcer { script = "…" }`
  = note: features that come with phx are in ETC/features
help: did you mean `docker`?
  |
3 |     {"vmid": 101, "name": "a", "template_image": "noble.img", "storage_pool": "local-lvm", "features": ["docker"]}
  |                                                                                                          ~~~~~~
  = explain: run `phx explain PHX0512`

vm 101
  vms[0].vmid  mapped to: id  (phoenix_vm_configs.json:3:14)
  vms[0].name  mapped to: its name  (phoenix_vm_configs.json:3:27)
  vms[0].template_image  mapped to: image, image.noble  (phoenix_vm_configs.json:3:50)
  vms[0].storage_pool  mapped to: storage  (phoenix_vm_configs.json:3:79)
  vms[0].features[0]  metadata: phx has no such feature  (phoenix_vm_configs.json:3:105)

5 properties: 4 mapped, 1 kept as metadata, 0 dropped

-- exit --
1
0
0
