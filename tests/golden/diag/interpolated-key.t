An interpolation in a key.
-- args --
validate main.phx
-- file main.phx --
let name = "web"
output ports = { "${name}" = 80 }
-- stderr --
error[PHX0111]: a key has no `${}`
 --> main.phx:2:18
  |
2 | output ports = { "${name}" = 80 }
  |                  ^^^^^^^^^ must be a name or a plain string
  |
  = help: keys that are computed: `{key: value for x in xs}`
  = explain: run `phx explain PHX0111`

-- exit --
1
