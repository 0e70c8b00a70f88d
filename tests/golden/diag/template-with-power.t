A power state on a template.
-- args --
validate main.phx
-- file main.phx --
vm base {
  id = 900
  template = true
  disk = 8GiB
  storage = "local-lvm"
  running = true
  network { ip = dhcp }
}
-- stderr --
error[PHX0417]: a template has no power state
 --> main.phx:6:3
  |
3 |   template = true
  |   -------- it is made a template here
...
6 |   running = true
  |   ^^^^^^^ in a template
  |
  = note: Proxmox starts no template
  = explain: run `phx explain PHX0417`

-- exit --
1
