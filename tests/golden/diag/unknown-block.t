An unknown block.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  netwrok { ip = dhcp }
}
-- stderr --
error[PHX0302]: unknown block `netwrok` in `vm`
 --> main.phx:5:3
  |
1 | vm web {
  | ------ in this `vm`
...
5 |   netwrok { ip = dhcp }
  |   ^^^^^^^ no such block
  |
help: did you mean `network`?
  |
5 |   network { ip = dhcp }
  |   ~~~~~~~
  = explain: run `phx explain PHX0302`

-- exit --
1
