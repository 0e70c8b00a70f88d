An output is declared twice.
-- args --
validate main.phx
-- file main.phx --
output address = 10.0.0.1
output address = 10.0.0.2
-- stderr --
error[PHX0245]: the output `address` is declared twice
 --> main.phx:2:8
  |
1 | output address = 10.0.0.1
  |        ------- first here
2 | output address = 10.0.0.2
  |        ^^^^^^^ again here
  |
  = explain: run `phx explain PHX0245`

-- exit --
1
