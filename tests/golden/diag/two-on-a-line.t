Two statements on one line.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101 cores = 2
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
error[PHX0114]: a new statement needs a new line or `;`
 --> main.phx:2:12
  |
2 |   id = 101 cores = 2
  |            ^^^^^ starts behind another one
  |
help: add this
  |
2 |   id = 101; cores = 2
  |           +
  = explain: run `phx explain PHX0114`

-- exit --
1
