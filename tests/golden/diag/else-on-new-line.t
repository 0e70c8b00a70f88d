Else on a line of its own.
-- args --
validate main.phx
-- file main.phx --
if true {
}
else {
}
-- stderr --
error[PHX0107]: `else` stands on the line of the `}` before it
 --> main.phx:3:1
  |
3 | else {
  | ^^^^ belongs to the line above
  |
  = help: a new line ends the statement
  = explain: run `phx explain PHX0107`

-- exit --
1
