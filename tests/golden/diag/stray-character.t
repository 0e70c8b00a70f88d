A character that has no meaning here.
-- args --
validate main.phx
-- file main.phx --
let workers = 3
output count = $workers
-- stderr --
error[PHX0027]: `$` has no meaning here
 --> main.phx:2:16
  |
2 | output count = $workers
  |                ^ a name stands alone
  |
help: remove this
  |
2 | output count = $workers
  |                -
  = explain: run `phx explain PHX0027`

-- exit --
1
