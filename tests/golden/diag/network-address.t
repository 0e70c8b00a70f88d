The network's own address as a guest's.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.0/24 }
}
-- stderr --
error[PHX0408]: `10.0.0.0/24` is the network's own address
 --> main.phx:5:18
  |
5 |   network { ip = 10.0.0.0/24 }
  |                  ^^^^^^^^^^^
  |
  = note: no guest can have it; take another out of the subnet
  = explain: run `phx explain PHX0408`

-- exit --
1
