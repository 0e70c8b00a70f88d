A name that Proxmox would refuse.
-- args --
validate main.phx
-- file main.phx --
pool "1st lab" {}
-- stderr --
error[PHX0326]: a pool cannot be called `1st lab`
 --> main.phx:1:1
  |
1 | pool "1st lab" {}
  | ^^^^^^^^^^^^^^
  |
  = note: its name begins with a letter and goes on with letters, digits, `-`, `_` and `.`
  = explain: run `phx explain PHX0326`

-- exit --
1
