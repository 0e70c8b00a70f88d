An operator of another language.
-- args --
validate main.phx
-- file main.phx --
output ready => true
-- stderr --
error[PHX0026]: `=>` is no operator of phx
 --> main.phx:1:14
  |
1 | output ready => true
  |              ^^ write `=`
  |
help: replace it so
  |
1 | output ready = true
  |              ~
  = explain: run `phx explain PHX0026`

-- exit --
1
