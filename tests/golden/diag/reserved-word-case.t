`true`, `false` or `null` in capitals.
-- args --
validate main.phx
-- file main.phx --
output ready = True
-- stderr --
error[PHX0030]: `True` is written `true`
 --> main.phx:1:16
  |
1 | output ready = True
  |                ^^^^
  |
help: replace it so
  |
1 | output ready = true
  |                ~~~~
  = explain: run `phx explain PHX0030`

-- exit --
1
