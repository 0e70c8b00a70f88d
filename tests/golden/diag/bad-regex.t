A regular expression that does not compile.
-- args --
validate main.phx
-- file main.phx --
let a = regex("(", "x")
-- stderr --
error[PHX0213]: the pattern is no extended regular expression: Unmatched ( or \(
 --> main.phx:1:15
  |
1 | let a = regex("(", "x")
  |               ^^^
  |
  = explain: run `phx explain PHX0213`

-- exit --
1
