A file that does not exist.
-- args --
validate main.phx
-- file main.phx --
image tools {
  file    = "no/such/tools.iso"
  storage = "local"
}
-- stderr --
error[PHX0323]: `file` names a file that does not exist
 --> main.phx:2:13
  |
2 |   file    = "no/such/tools.iso"
  |             ^^^^^^^^^^^^^^^^^^^ looked for at no/such/tools.iso
  |
  = note: paths are relative to the file they stand in
  = explain: run `phx explain PHX0323`

-- exit --
1
