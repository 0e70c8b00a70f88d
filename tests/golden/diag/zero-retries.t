A health check that never tries.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  agent { enabled = true }
  health { command = "true"; retries = 0 }
}
-- stderr --
error[PHX0425]: `health.retries` cannot be zero
 --> main.phx:6:40
  |
6 |   health { command = "true"; retries = 0 }
  |                                        ^
  |
  = explain: run `phx explain PHX0425`

-- exit --
1
