A name that is no host name.
-- args --
validate main.phx
-- file main.phx --
vm web_1 {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
error[PHX0321]: `web_1` cannot be a host name
 --> main.phx:1:1
  |
1 | vm web_1 {
  | ^^^^^^^^
  |
  = note: host names are letters, digits and `-` between them, at most 63 in a piece
  = help: keep the address and say `name = "web-1"` inside
  = explain: run `phx explain PHX0321`

-- exit --
1
