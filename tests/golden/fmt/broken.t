A file with errors is left alone.
-- args --
fmt main.phx
$ cat main.phx
-- file main.phx --
vm web {
  id = 
}
-- stdout --
vm web {
  id = 
}
-- stderr --
error[PHX0112]: nothing follows the `=`
 --> main.phx:2:6
  |
2 |   id =
  |      ^ expected a value behind it
  |
  = explain: run `phx explain PHX0112`

-- exit --
1
0
