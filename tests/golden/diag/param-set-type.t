--set with a text that is no number.
-- args --
plan --offline --set n=many main.phx
-- file main.phx --
stack "t"
param n: int = 3
-- stderr --
error[PHX0237]: the parameter `n` is int, not string
 --> --set:1:3
  |
1 | n=many
  |   ^^^^ this is "many"
  |
 ::: main.phx:2:10
  |
2 | param n: int = 3
  |          --- declared here
  |
  = explain: run `phx explain PHX0237`

-- exit --
1
