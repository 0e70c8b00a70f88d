A `=` in a condition.
-- args --
validate main.phx
-- file main.phx --
param workers: int = 3
if workers = 3 { pool lab {} }
-- stderr --
error[PHX0109]: `=` gives a value; a condition compares with `==`
 --> main.phx:2:12
  |
2 | if workers = 3 { pool lab {} }
  |            ^ write `==`
  |
help: replace it so
  |
2 | if workers == 3 { pool lab {} }
  |            ~~
  = explain: run `phx explain PHX0109`

-- exit --
1
