A key that an object does not have.
-- args --
validate main.phx
-- file main.phx --
let o = { cores = 4 }
let a = o.coers
-- stderr --
error[PHX0208]: the object has no key `coers`
 --> main.phx:2:11
  |
2 | let a = o.coers
  |           ^^^^^ no such key
  |
help: did you mean `cores`?
  |
2 | let a = o.cores
  |           ~~~~~
  = explain: run `phx explain PHX0208`

-- exit --
1
