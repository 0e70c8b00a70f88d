A name that no block may have.
-- args --
validate main.phx
-- file main.phx --
let suffix = ""
pool "${suffix}" {}
-- stderr --
error[PHX0243]: the name of this `pool` is empty
 --> main.phx:2:6
  |
2 | pool "${suffix}" {}
  |      ^^^^^^^^^^^
  |
  = explain: run `phx explain PHX0243`

-- exit --
1
