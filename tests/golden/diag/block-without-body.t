A block without its `{ }`.
-- args --
validate main.phx
-- file main.phx --
image noble
-- stderr --
error[PHX0106]: block `image` has no body
 --> main.phx:1:1
  |
1 | image noble
  | ^^^^^^^^^^^ expected `{` behind this
  |
  = help: an attribute is written `image = …`
  = explain: run `phx explain PHX0106`

-- exit --
1
