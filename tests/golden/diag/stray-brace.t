A brace too many.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
}
}
-- stderr --
error[PHX0102]: `}` closes nothing
 --> main.phx:6:1
  |
6 | }
  | ^ no bracket is open for it
  |
  = explain: run `phx explain PHX0102`

-- exit --
1
