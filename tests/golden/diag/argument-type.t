An argument of the wrong type.
-- args --
validate main.phx
-- file main.phx --
let a = upper(5)
-- stderr --
error[PHX0201]: argument 1 of `upper` is string, not int
 --> main.phx:1:15
  |
1 | let a = upper(5)
  |               ^ this is a value of type int
  |
  = note: it is called as `upper(text)`
  = explain: run `phx explain PHX0201`

-- exit --
1
