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
error[PHX0022]: malformed MAC address `52:54:00:AA:BB:CC:DD`
 --> main.phx:5:19
  |
5 |   network { mac = 52:54:00:AA:BB:CC:DD }
  |                   ^^^^^^^^^^^^^^^^^^^^ a MAC is six groups of two hex digits
  |
  = explain: run `phx explain PHX0022`

-- exit --
1
