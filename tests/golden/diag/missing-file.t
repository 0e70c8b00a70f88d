A file that is not there.
-- args --
validate main.phx
-- file main.phx --
let a = file("keys/admin.pub")
-- stderr --
error[PHX0215]: the file `keys/admin.pub` cannot be read: there is no such file
 --> main.phx:1:14
  |
1 | let a = file("keys/admin.pub")
  |              ^^^^^^^^^^^^^^^^ read by `file`
  |
  = note: phx looked for keys/admin.pub: paths are relative to the file they stand in
  = explain: run `phx explain PHX0215`

-- exit --
1
