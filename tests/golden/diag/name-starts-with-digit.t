A name that begins with a digit.
-- args --
validate main.phx
-- file main.phx --
let 3rd-node = "pve3"
-- stderr --
error[PHX0023]: a name does not begin with a digit
 --> main.phx:1:5
  |
1 | let 3rd-node = "pve3"
  |     ^^^^^^^^ neither a name nor a number
  |
  = help: where text may stand, put it in quotes
  = explain: run `phx explain PHX0023`

-- exit --
1
