A block that is not closed.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"

vm two {
  id = 102
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
error[PHX0101]: `{` is never closed
 --> main.phx:1:8
  |
1 | vm web {
  |        ^ opened here
...
6 | vm two {
  | -- indentation says that it ended before this
  |
  = help: close it with `}`
  = explain: run `phx explain PHX0101`

-- exit --
1
