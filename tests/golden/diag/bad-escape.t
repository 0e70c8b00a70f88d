An escape that does not exist.
-- args --
validate main.phx
-- file main.phx --
let a = "C:\temp\x"
-- stderr --
error[PHX0018]: unknown escape `\x`
 --> main.phx:1:17
  |
1 | let a = "C:\temp\x"
  |                 ^^ not an escape
  |
help: the escapes are `\n \t \" \\ \$ \u{…}`
  |
1 | let a = "C:\temp\\x"
  |                 ~~
  = explain: run `phx explain PHX0018`

-- exit --
1
