Two devices in one slot.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  disk scsi0 { size = 10GiB }
}
-- stderr --
error[PHX0430]: `scsi0` is taken already
 --> main.phx:5:3
  |
4 |   disk    = 32GiB
  |   ---- has it
5 |   disk scsi0 { size = 10GiB }
  |   ^^^^^^^^^^ asks for the same slot
  |
  = explain: run `phx explain PHX0430`

-- exit --
1
