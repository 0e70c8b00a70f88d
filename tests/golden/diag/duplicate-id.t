Two guests of one id.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = dhcp }
}
container ca {
  id = 101
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs = "local-lvm:8"
  network { ip = dhcp }
}
-- stderr --
error[PHX0402]: `vm.web` and `container.ca` have one id, 101
 --> main.phx:8:8
  |
2 |   id = 101
  |        --- first used here
...
8 |   id = 101
  |        ^^^ used again here
  |
  = note: VMs and containers of a cluster share one range of ids
  = explain: run `phx explain PHX0402`

-- exit --
1
