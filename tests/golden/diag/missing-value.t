An attribute without a value.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id =
  cores = 2
}
-- stderr --
error[PHX0112]: nothing follows the `=`
 --> main.phx:2:6
  |
2 |   id =
  |      ^ expected a value behind it
  |
  = explain: run `phx explain PHX0112`

-- exit --
1
