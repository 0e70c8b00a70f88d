An expression that stops in the middle.
-- args --
validate main.phx
-- file main.phx --
let a = 1 +
-- stderr --
error[PHX0112]: nothing follows the `+`
 --> main.phx:1:11
  |
1 | let a = 1 +
  |           ^ expected a value behind it
  |
  = explain: run `phx explain PHX0112`

-- exit --
1
