An address out of range.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.300/24 }
}
-- stderr --
error[PHX0021]: malformed address `10.0.0.300/24`
 --> main.phx:5:18
  |
5 |   network { ip = 10.0.0.300/24 }
  |                  ^^^^^^^^^^^^^ each part is at most 255
  |
  = explain: run `phx explain PHX0021`

-- exit --
1
