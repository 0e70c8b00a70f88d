A parameter that is no option of a guest.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  options { digest = "0123" }
}
-- stderr --
error[PHX0318]: `digest` is no option of a guest
 --> main.phx:5:13
  |
5 |   options { digest = "0123" }
  |             ^^^^^^
  |
  = note: it is a parameter of a single call, which phx sends itself where it is needed
  = explain: run `phx explain PHX0318`

-- exit --
1
