A name that is nowhere defined.
-- args --
validate main.phx
-- file main.phx --
let gateway = 10.0.0.1
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.5/24; gw = gatway }
}
-- stderr --
error[PHX0230]: unknown name `gatway`
 --> main.phx:6:36
  |
6 |   network { ip = 10.0.0.5/24; gw = gatway }
  |                                    ^^^^^^ no such name here
  |
help: did you mean `gateway`?
  |
6 |   network { ip = 10.0.0.5/24; gw = gateway }
  |                                    ~~~~~~~
  = explain: run `phx explain PHX0230`

-- exit --
1
