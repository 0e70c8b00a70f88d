An attribute without its `=`.
-- args --
validate main.phx
-- file main.phx --
cluster home {
  node "pve"
  port 8006
}
-- stderr --
error[PHX0113]: `=` is missing before the value
 --> main.phx:2:8
  |
2 |   node "pve"
  |        ^^^^^ expected `=`
  |
help: add this
  |
2 |   node = "pve"
  |        ++
  = explain: run `phx explain PHX0113`

error[PHX0113]: `=` is missing before the value
 --> main.phx:3:8
  |
3 |   port 8006
  |        ^^^^ expected `=`
  |
help: add this
  |
3 |   port = 8006
  |        ++

-- exit --
1
