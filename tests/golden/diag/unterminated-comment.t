A comment that never ends.
-- args --
validate main.phx
-- file main.phx --
/* says nothing
vm web { id = 101 }
-- stderr --
error[PHX0016]: comment is never closed
 --> main.phx:1:1
  |
1 | /* says nothing
  | ^^ opened here
  |
  = help: close it with `*/`
  = explain: run `phx explain PHX0016`

-- exit --
1
