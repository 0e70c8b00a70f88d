A host number outside the subnet.
-- args --
validate main.phx
-- file main.phx --
let a = host(10.0.0.0/24, 300)
-- stderr --
error[PHX0206]: 10.0.0.0/24 has no address number 300
 --> main.phx:1:27
  |
1 | let a = host(10.0.0.0/24, 300)
  |                           ^^^
  |
  = note: its addresses are 0 to 255
  = explain: run `phx explain PHX0206`

-- exit --
1
