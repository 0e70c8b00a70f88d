A MAC with a group too many.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { mac = 52:54:00:AA:BB:CC:DD }
}
-- stderr --
error[PHX0021]: malformed address `52:54:00:AA:BB:CC:DD`
 --> main.phx:5:19
  |
5 |   network { mac = 52:54:00:AA:BB:CC:DD }
  |                   ^^^^^^^^^^^^^^^^^^^^ an address has eight groups; `::` stands for missing zeros
  |
  = explain: run `phx explain PHX0021`

-- exit --
1
