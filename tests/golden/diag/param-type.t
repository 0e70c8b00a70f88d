A parameter's default of the wrong type.
-- args --
validate main.phx
-- file main.phx --
param n: int = "three"
-- stderr --
error[PHX0201]: the parameter `n` is int, not string
 --> main.phx:1:16
  |
1 | param n: int = "three"
  |          ---   ^^^^^^^ this is a value of type string
  |          |
  |          declared here
  |
  = explain: run `phx explain PHX0201`

-- exit --
1
