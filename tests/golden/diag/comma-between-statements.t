A `,` between statements.
-- args --
validate main.phx
-- file main.phx --
output a = 1,
output b = 2
-- stderr --
error[PHX0105]: statements are separated by a new line or `;`, not by `,`
 --> main.phx:1:13
  |
1 | output a = 1,
  |             ^ not needed
  |
help: remove this
  |
1 | output a = 1,
  |             -
  = explain: run `phx explain PHX0105`

-- exit --
1
