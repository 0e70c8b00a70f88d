A stack name with capitals.
-- args --
validate main.phx
-- file main.phx --
stack "My Lab"
-- stderr --
error[PHX0324]: a stack cannot be called `My Lab`
 --> main.phx:1:1
  |
1 | stack "My Lab"
  | ^^^^^^^^^^^^^^
  |
  = note: its name has up to 40 characters out of a-z, 0-9 and `-`: it becomes a tag of its guests
  = explain: run `phx explain PHX0324`

-- exit --
1
