A function without its argument.
-- args --
validate main.phx
-- file main.phx --
let a = split(",")
-- stderr --
error[PHX0212]: `split` takes 2 arguments, not 1
 --> main.phx:1:9
  |
1 | let a = split(",")
  |         ^^^^^
  |
  = note: it is called as `split(separator, text)`
  = explain: run `phx explain PHX0212`

-- exit --
1
