Values that need each other.
-- args --
validate main.phx
-- file main.phx --
let a = b
let b = c
let c = a
-- stderr --
error[PHX0233]: `a` depends on itself: a → b → c → a
 --> main.phx:1:9
  |
1 | let a = b
  |         ^ `a` needs `b`
2 | let b = c
  |         - `b` needs `c`
3 | let c = a
  |         - `c` needs `a`
  |
  = explain: run `phx explain PHX0233`

-- exit --
1
