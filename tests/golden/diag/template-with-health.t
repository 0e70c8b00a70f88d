A health gate on a template.
-- args --
validate main.phx
-- file main.phx --
vm base {
  id = 900
  template = true
  disk = 8GiB
  storage = "local-lvm"
  health { command = "true" }
  network { ip = dhcp }
}
-- stderr --
error[PHX0417]: a template has no health gate
 --> main.phx:6:3
  |
3 |   template = true
  |   -------- it is made a template here
...
6 |   health { command = "true" }
  |   ^^^^^^ in a template
  |
  = note: a template never runs, so nothing waits for it to be healthy
  = explain: run `phx explain PHX0417`

-- exit --
1
