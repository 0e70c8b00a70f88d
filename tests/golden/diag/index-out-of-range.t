An index past the end.
-- args --
validate main.phx
-- file main.phx --
let xs = [1, 2]
let a = xs[5]
-- stderr --
error[PHX0207]: the list has no element 5
 --> main.phx:2:12
  |
2 | let a = xs[5]
  |            ^
  |
  = note: its elements are 0 to 1
  = help: `try(…, default)` gives a value where there is none
  = explain: run `phx explain PHX0207`

-- exit --
1
