Single quotes around a string.
-- args --
validate main.phx
-- file main.phx --
let a = 'text'
-- stderr --
error[PHX0024]: strings stand in `"…"`
 --> main.phx:1:9
  |
1 | let a = 'text'
  |         ^^^^^^ other quotes mean nothing
  |
help: replace it so
  |
1 | let a = "text"
  |         ~~~~~~
  = explain: run `phx explain PHX0024`

-- exit --
1
