YAML's colon.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id: 101
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
error[PHX0104]: an attribute's value is given with `=`, not `:`
 --> main.phx:2:5
  |
2 |   id: 101
  |     ^ write `=`
  |
help: replace it so
  |
2 |   id = 101
  |     ~~
  = explain: run `phx explain PHX0104`

-- exit --
1
