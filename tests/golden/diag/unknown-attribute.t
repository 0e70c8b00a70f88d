An unknown attribute.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  memroy = 2GiB
}
-- stderr --
error[PHX0301]: unknown attribute `memroy` in `vm`
 --> main.phx:5:3
  |
1 | vm web {
  | ------ in this `vm`
...
5 |   memroy = 2GiB
  |   ^^^^^^ no such attribute
  |
help: did you mean `memory`?
  |
5 |   memory = 2GiB
  |   ~~~~~~
  = explain: run `phx explain PHX0301`

-- exit --
1
