A range nobody can mean.
-- args --
validate main.phx
-- file main.phx --
let a = [i for i in range(1000000000000)]
-- stderr --
error[PHX0218]: `range` gives 1000000000000 elements; a million is the limit
 --> main.phx:1:21
  |
1 | let a = [i for i in range(1000000000000)]
  |                     ^^^^^^^^^^^^^^^^^^^^
  |
  = explain: run `phx explain PHX0218`

-- exit --
1
