A health check without a pause.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  agent { enabled = true }
  health { command = "true"; interval = 0s }
}
-- stderr --
error[PHX0425]: `health.interval` cannot be zero
 --> main.phx:6:41
  |
6 |   health { command = "true"; interval = 0s }
  |                                         ^^
  |
  = explain: run `phx explain PHX0425`

-- exit --
1
