A prefix too long.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.3/64 }
}
-- stderr --
error[PHX0021]: malformed address `10.0.0.3/64`
 --> main.phx:5:18
  |
5 |   network { ip = 10.0.0.3/64 }
  |                  ^^^^^^^^^^^ a prefix length is 0 to 32
  |
  = explain: run `phx explain PHX0021`

-- exit --
1
