A function that does not exist.
-- args --
validate main.phx
-- file main.phx --
let a = lenght([1])
-- stderr --
error[PHX0211]: unknown function `lenght`
 --> main.phx:1:9
  |
1 | let a = lenght([1])
  |         ^^^^^^ no such function
  |
help: did you mean `length`?
  |
1 | let a = length([1])
  |         ~~~~~~
  = explain: run `phx explain PHX0211`

-- exit --
1
