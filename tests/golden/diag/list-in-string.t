A list in a string.
-- args --
validate main.phx
-- file main.phx --
let xs = [1, 2]
let a = "x${xs}"
-- stderr --
error[PHX0210]: `${}` cannot print a value of type list<int>
 --> main.phx:2:13
  |
2 | let a = "x${xs}"
  |             ^^ this has no text of its own
  |
  = help: use `join(", ", list)` or `jsonencode(list)`
  = explain: run `phx explain PHX0210`

-- exit --
1
