A division by zero.
-- args --
validate main.phx
-- file main.phx --
let z = 0
let a = 1 / z
-- stderr --
error[PHX0205]: division by zero
 --> main.phx:2:13
  |
2 | let a = 1 / z
  |             ^ this is 0
  |
  = explain: run `phx explain PHX0205`

-- exit --
1
