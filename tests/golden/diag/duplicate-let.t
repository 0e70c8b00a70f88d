A name defined twice.
-- args --
validate main.phx
-- file main.phx --
let a = 1
let a = 2
-- stderr --
error[PHX0231]: `a` is defined twice
 --> main.phx:2:5
  |
1 | let a = 1
  |     - first defined here, as `let`
2 | let a = 2
  |     ^ defined again here
  |
  = explain: run `phx explain PHX0231`

-- exit --
1
