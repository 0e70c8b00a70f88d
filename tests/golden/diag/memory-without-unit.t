A memory size without unit.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  memory = 2048
}
-- stderr --
error[PHX0308]: `memory` takes a size such as `8GiB`
 --> main.phx:5:12
  |
5 |   memory = 2048
  |            ^^^^ this is a value of type int
  |
help: a size says its unit: `2048MiB`
  |
5 |   memory = 2048MiB
  |            ~~~~~~~
  = explain: run `phx explain PHX0308`

-- exit --
1
