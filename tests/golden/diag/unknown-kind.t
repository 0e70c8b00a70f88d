An unknown kind of resource.
-- args --
validate main.phx
-- file main.phx --
contianer ca {
  id = 103
}
-- stderr --
error[PHX0239]: there is no declaration `contianer`
 --> main.phx:1:1
  |
1 | contianer ca {
  | ^^^^^^^^^ unknown here
  |
help: did you mean `container`?
  |
1 | container ca {
  | ~~~~~~~~~
  = explain: run `phx explain PHX0239`

-- exit --
1
