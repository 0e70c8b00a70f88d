A call of what is no function.
-- args --
validate main.phx
-- file main.phx --
pool lab {}
let x = pool.lab(1)
-- stderr --
error[PHX0219]: only functions and features are called
 --> main.phx:2:9
  |
2 | let x = pool.lab(1)
  |         ^^^^^^^^ this is a value of type ref<pool>
  |
  = explain: run `phx explain PHX0219`

-- exit --
1
