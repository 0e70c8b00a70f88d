Two guests of one Proxmox name.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
}

container web {
  id         = 102
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs     = "local-lvm:8"
}
-- stdout --
valid: 2 guests, 2 resources
-- stderr --
warning[PHX0427]: `vm.web` and `container.web` are both called `web`
 --> main.phx:7:1
  |
1 | vm web {
  | ------ the other one
...
7 | container web {
  | ^^^^^^^^^^^^^
  |
  = note: Proxmox tells them apart by their ids, people do not
  = explain: run `phx explain PHX0427`

