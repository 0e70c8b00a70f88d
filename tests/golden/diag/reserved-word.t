A reserved word as a name.
-- args --
validate main.phx
-- file main.phx --
let for = 1
-- stderr --
error[PHX0115]: `for` is a reserved word
 --> main.phx:1:5
  |
1 | let for = 1
  |     ^^^ cannot be a name
  |
  = explain: run `phx explain PHX0115`

-- exit --
1
