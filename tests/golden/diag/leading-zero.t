A leading zero outside mode.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  cores = 010
}
-- stderr --
error[PHX0216]: a number with a leading zero is octal, for `mode` only
 --> main.phx:5:11
  |
5 |   cores = 010
  |           ^^^ octal for 8
  |
  = help: leave the zero out, or write the text "010"
  = explain: run `phx explain PHX0216`

-- exit --
1
