A module, which this version does not have.
-- args --
validate main.phx
-- file main.phx --
module net {
  source = "./net"
}
-- stderr --
error[PHX0331]: this version of phx does not have `module` blocks yet
 --> main.phx:1:1
  |
1 | module net {
  | ^^^^^^ part of the language, but not of this version
  |
  = explain: run `phx explain PHX0331`

-- exit --
1
