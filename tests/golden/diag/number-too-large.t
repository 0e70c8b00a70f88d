A number beyond 64 bits.
-- args --
validate main.phx
-- file main.phx --
let a = 99999999999999999999
-- stderr --
error[PHX0020]: `99999999999999999999` is too large
 --> main.phx:1:9
  |
1 | let a = 99999999999999999999
  |         ^^^^^^^^^^^^^^^^^^^^ at most 9223372036854775807
  |
  = explain: run `phx explain PHX0020`

-- exit --
1
