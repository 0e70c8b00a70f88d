A container's attribute on a VM.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  swap = 1GiB
}
-- stderr --
error[PHX0301]: unknown attribute `swap` in `vm`
 --> main.phx:5:3
  |
1 | vm web {
  | ------ in this `vm`
...
5 |   swap = 1GiB
  |   ^^^^ no such attribute
  |
  = help: only a `container` has `swap`
  = explain: run `phx explain PHX0301`

-- exit --
1
