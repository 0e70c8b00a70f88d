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

error[PHX0435]: `image.noble` does not say where it comes from
 --> main.phx:1:1
  |
1 | image noble
  | ^^^^^^^^^^^
  |
  = note: `url` is downloaded by the node, `file` is uploaded, `volume` lies on a storage already
  = explain: run `phx explain PHX0435`

-- exit --
1
