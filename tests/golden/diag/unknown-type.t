A type that does not exist.
-- args --
validate main.phx
-- file main.phx --
param workers: number = 3
-- stderr --
error[PHX0241]: unknown type `number`
 --> main.phx:1:16
  |
1 | param workers: number = 3
  |                ^^^^^^
  |
  = help: phx calls it `int` or `float`
  = explain: run `phx explain PHX0241`

-- exit --
1
