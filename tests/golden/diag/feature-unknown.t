An unknown feature.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  features = [feature.dokcer]
}
-- stderr --
error[PHX0312]: there is no feature `dokcer`
 --> main.phx:5:15
  |
5 |   features = [feature.dokcer]
  |               ^^^^^^^^^^^^^^ not declared anywhere
  |
  = note: features that come with phx are in ETC/features
help: did you mean `feature.docker`?
  |
5 |   features = [feature.docker]
  |               ~~~~~~~~~~~~~~
  = explain: run `phx explain PHX0312`

-- exit --
1
