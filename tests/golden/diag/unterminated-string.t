A string that does not end on its line.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  notes = "half a text
}
-- stderr --
error[PHX0015]: string is never closed
 --> main.phx:3:11
  |
3 |   notes = "half a text
  |           ^           - the line ends here
  |           |
  |           opened here
  |
  = help: close it with `"`, or write a text of several lines as `<<~EOF`
  = explain: run `phx explain PHX0015`

-- exit --
1
