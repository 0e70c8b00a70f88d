A pattern that does not match.
-- args --
validate main.phx
-- file main.phx --
let number = regex("[0-9]+", "web")[0]
-- stderr --
error[PHX0221]: the pattern does not match
 --> main.phx:1:14
  |
1 | let number = regex("[0-9]+", "web")[0]
  |              ^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: the text is "web"
  = help: `try(…, default)` gives a value where there is none
  = explain: run `phx explain PHX0221`

-- exit --
1
