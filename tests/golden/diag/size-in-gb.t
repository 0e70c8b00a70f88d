Decimal size units.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  memory = 8GB
}
-- stderr --
error[PHX0019]: `GB` is no unit of phx
 --> main.phx:5:12
  |
5 |   memory = 8GB
  |            ^-- unknown unit
  |
help: write `8GiB`
  |
5 |   memory = 8GiB
  |            ~~~~
  = explain: run `phx explain PHX0019`

-- exit --
1
