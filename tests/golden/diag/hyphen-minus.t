Minus without blanks.
-- args --
validate main.phx
-- file main.phx --
let i = 5
let a = i-1
-- stderr --
error[PHX0230]: unknown name `i-1`
 --> main.phx:2:9
  |
2 | let a = i-1
  |         ^^^ no such name here
  |
help: names may hold a `-`; a minus has blanks around it: `i - 1`
  |
2 | let a = i - 1
  |         ~~~~~
  = explain: run `phx explain PHX0230`

-- exit --
1
