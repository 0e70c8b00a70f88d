Typographic quotes.
-- args --
validate main.phx
-- file main.phx --
let a = “text”
-- stderr --
error[PHX0014]: U+201C (left double quotation mark) begins no string
 --> main.phx:1:9
  |
1 | let a = “text”
  |         ^ strings stand in `"…"`
  |
help: replace it so
  |
1 | let a = "text”
  |         ~
  |
1 | let a = “text"
  |              ~
  = explain: run `phx explain PHX0014`

-- exit --
1
