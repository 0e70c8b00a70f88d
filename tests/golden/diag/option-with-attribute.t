An option that has an attribute.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  options { cores = 4 }
}
-- stderr --
error[PHX0317]: `cores` has an attribute of its own
 --> main.phx:5:13
  |
5 |   options { cores = 4 }
  |             ^^^^^
  |
  = help: write `cores = …` outside of `options`
  = explain: run `phx explain PHX0317`

-- exit --
1
