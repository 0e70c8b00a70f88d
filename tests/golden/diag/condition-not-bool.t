A condition that is no bool.
-- args --
validate main.phx
-- file main.phx --
if 1 {
}
-- stderr --
error[PHX0201]: the condition of `if` is bool, not int
 --> main.phx:1:4
  |
1 | if 1 {
  |    ^ this is a value of type int
  |
  = help: compare it, for example `x != ""` or `n > 0`
  = explain: run `phx explain PHX0201`

-- exit --
1
