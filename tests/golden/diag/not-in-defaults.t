An attribute that cannot be a default.
-- args --
validate main.phx
-- file main.phx --
defaults vm {
  id = 100
}
-- stderr --
error[PHX0315]: `id` cannot be a default
 --> main.phx:2:3
  |
2 |   id = 100
  |   ^^ each guest says its own
  |
  = explain: run `phx explain PHX0315`

-- exit --
1
