Terraform's name for an attribute.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  vmid = 101
}
-- stderr --
error[PHX0301]: unknown attribute `vmid` in `vm`
 --> main.phx:5:3
  |
1 | vm web {
  | ------ in this `vm`
...
5 |   vmid = 101
  |   ^^^^ no such attribute
  |
help: phx calls it `id`
  |
5 |   id = 101
  |   ~~
  = explain: run `phx explain PHX0301`

-- exit --
1
