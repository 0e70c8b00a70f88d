A block's name that is neither a name nor a string.
-- args --
validate main.phx
-- file main.phx --
pool 8000 {}
-- stderr --
error[PHX0110]: a block's name is a name or a string
 --> main.phx:1:6
  |
1 | pool 8000 {}
  |      ^^^^ neither
  |
help: replace it so
  |
1 | pool "8000" {}
  |      ~~~~~~
  = explain: run `phx explain PHX0110`

-- exit --
1
