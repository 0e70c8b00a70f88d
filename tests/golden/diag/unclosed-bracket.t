A list that is not closed.
-- args --
validate main.phx
-- file main.phx --
let xs = [1, 2
let ys = 3
-- stderr --
error[PHX0101]: `[` is never closed
 --> main.phx:1:10
  |
1 | let xs = [1, 2
  |          ^ opened here
2 | let ys = 3
  | --- indentation says that it ended before this
  |
  = help: close it with `]`
  = explain: run `phx explain PHX0101`

-- exit --
1
