A snapshot on a template.
-- args --
validate main.phx
-- file main.phx --
vm base {
  id = 900
  template = true
  disk = 8GiB
  storage = "local-lvm"
  snapshot first {}
  network { ip = dhcp }
}
-- stderr --
error[PHX0417]: a template has no snapshot
 --> main.phx:6:3
  |
3 |   template = true
  |   -------- it is made a template here
...
6 |   snapshot first {}
  |   ^^^^^^^^^^^^^^ in a template
  |
  = note: Proxmox refuses to convert a guest that has snapshots into a template
  = explain: run `phx explain PHX0417`

-- exit --
1
