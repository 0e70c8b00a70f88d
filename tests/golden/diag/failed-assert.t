An assert that does not hold.
-- args --
validate main.phx
-- file main.phx --
let n = 60
assert n <= 50, "at most 50, not ${n}"
-- stderr --
error[PHX0234]: at most 50, not 60
 --> main.phx:2:8
  |
2 | assert n <= 50, "at most 50, not ${n}"
  |        ^^^^^^^ this is false
  |
  = note: `n` is 60
  = explain: run `phx explain PHX0234`

-- exit --
1
