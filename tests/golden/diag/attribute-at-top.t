An attribute at top level.
-- args --
validate main.phx
-- file main.phx --
cores = 4
-- stderr --
error[PHX0238]: an attribute may not stand outside a block
 --> main.phx:1:1
  |
1 | cores = 4
  | ^^^^^
  |
  = help: a value with a name is `let cores = …`; what a configuration owns is `stack "NAME"`
  = explain: run `phx explain PHX0238`

-- exit --
1
