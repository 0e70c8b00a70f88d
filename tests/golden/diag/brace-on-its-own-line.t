A `{` apart from its head.
-- args --
validate main.phx
-- file main.phx --
pool lab
{
}
-- stderr --
error[PHX0108]: `{` stands on the line of its head
 --> main.phx:2:1
  |
2 | {
  | ^ belongs to the line above
  |
  = help: a new line ends the statement
  = explain: run `phx explain PHX0108`

-- exit --
1
