Arithmetic that overflows.
-- args --
validate main.phx
-- file main.phx --
let a = 9223372036854775807 + 1
-- stderr --
error[PHX0204]: the result of `+` is too large
 --> main.phx:1:9
  |
1 | let a = 9223372036854775807 + 1
  |         -------------------^^^- this is 1
  |         |
  |         this is 9223372036854775807
  |
  = explain: run `phx explain PHX0204`

-- exit --
1
