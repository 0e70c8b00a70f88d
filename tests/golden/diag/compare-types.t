Comparing a number with a string.
-- args --
validate main.phx
-- file main.phx --
let a = 1 == "1"
-- stderr --
error[PHX0203]: values of different types never compare equal: int and string
 --> main.phx:1:14
  |
1 | let a = 1 == "1"
  |         -    ^^^ this is a value of type string
  |         |
  |         this is a value of type int
  |
  = explain: run `phx explain PHX0203`

-- exit --
1
