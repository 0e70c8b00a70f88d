An interpolation without its `}`.
-- args --
validate main.phx
-- file main.phx --
let i = 1
output name = "web-${i"
-- stderr --
error[PHX0028]: `${` is never closed
 --> main.phx:2:20
  |
2 | output name = "web-${i"
  |                    ^^ opened here
  |
  = help: close it with `}`; to write `${` itself, write `$${`
  = explain: run `phx explain PHX0028`

-- exit --
1
