Adding a number to a size.
-- args --
validate main.phx
-- file main.phx --
let a = 1 + 8GiB
-- stderr --
error[PHX0202]: `+` does not exist for int and size
 --> main.phx:1:9
  |
1 | let a = 1 + 8GiB
  |         ^   ---- this is a value of type size
  |         |
  |         this is a value of type int
  |
  = help: a size says its unit, such as `512MiB`
  = explain: run `phx explain PHX0202`

-- exit --
1
