Features that need one another.
-- args --
validate main.phx
-- file run.sh --
#!/bin/sh
-- file main.phx --
feature a {
  script = "run.sh"
  needs  = [feature.b]
}
feature b {
  script = "run.sh"
  needs  = [feature.docker, feature.a]
}
-- stderr --
error[PHX0409]: references in a circle: feature.a → feature.b → feature.a
 --> main.phx:1:1
  |
1 | feature a {
  | ^^^^^^^^^
2 |   script = "run.sh"
3 |   needs  = [feature.b]
  |            ----------- `feature.a` needs `feature.b`
...
7 |   needs  = [feature.docker, feature.a]
  |            --------------------------- `feature.b` needs `feature.a`
  |
  = help: none of them can run first: take one of these out of its `needs`
  = explain: run `phx explain PHX0409`

-- exit --
1
