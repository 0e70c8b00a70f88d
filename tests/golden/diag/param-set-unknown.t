--set of a parameter that is not there.
-- args --
plan --offline --set wrokers=5 main.phx
-- file main.phx --
stack "t"
param workers: int = 3
-- stderr --
error[PHX0236]: there is no parameter `wrokers`
 --> --set:1:1
  |
1 | wrokers=5
  | ^^^^^^^ not declared with `param`
  |
help: did you mean `workers`?
  |
1 | workers=5
  | ~~~~~~~
  = explain: run `phx explain PHX0236`

-- exit --
1
