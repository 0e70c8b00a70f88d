A byte order mark is skipped, with a note.
-- args --
$ printf '\357\273\277let a = 1\n' > main.phx
validate main.phx
-- stdout --
valid: 0 guests, 0 resources
-- stderr --
note[PHX0010]: the file begins with a byte order mark (U+FEFF)
 --> main.phx:1:1
  |
1 | let a = 1
  | ^
  |
  = help: phx skips it; save the file without one
  = explain: run `phx explain PHX0010`

