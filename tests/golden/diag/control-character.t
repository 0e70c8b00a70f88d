A control character.
-- args --
validate main.phx
-- file main.phx --
let a = 1
-- stderr --
error[PHX0013]: control character U+0001 in the source
 --> main.phx:1:10
  |
1 | let a = 1\x01
  |          ^^^^
  |
  = help: in a string it can be written `\u{1}`
  = explain: run `phx explain PHX0013`

-- exit --
1
