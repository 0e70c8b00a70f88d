A parameter without a value, in plan.
-- args --
plan --offline main.phx
-- file main.phx --
stack "t"
param n: int
-- stderr --
error[PHX0235]: the parameter `n` has no value
 --> main.phx:2:7
  |
2 | param n: int
  |       ^ it has no default
  |
  = help: give it one: `--set n=…`, or a `--var-file`
  = explain: run `phx explain PHX0235`

-- exit --
1
