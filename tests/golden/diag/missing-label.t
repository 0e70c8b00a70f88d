A resource without a name.
-- args --
validate main.phx
-- file main.phx --
vm {
  id = 101
}
-- stderr --
error[PHX0305]: `vm` needs a name
 --> main.phx:1:1
  |
1 | vm {
  | ^^
  |
  = help: write `vm NAME { … }`
  = explain: run `phx explain PHX0305`

-- exit --
1
