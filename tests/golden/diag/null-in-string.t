Null in a string.
-- args --
validate main.phx
-- file main.phx --
let n = null
let a = "x${n}"
-- stderr --
error[PHX0210]: `${}` cannot print a value of type null
 --> main.phx:2:13
  |
2 | let a = "x${n}"
  |             ^ this has no text of its own
  |
  = help: use `coalesce(x, "…")`
  = explain: run `phx explain PHX0210`

-- exit --
1
