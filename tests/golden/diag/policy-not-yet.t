A policy, which this version does not have.
-- args --
validate main.phx
-- file main.phx --
policy p {
  severity = deny
}
-- stderr --
error[PHX0331]: this version of phx does not have `policy` blocks yet
 --> main.phx:1:1
  |
1 | policy p {
  | ^^^^^^ part of the language, but not of this version
  |
  = explain: run `phx explain PHX0331`

-- exit --
1
