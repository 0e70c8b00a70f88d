Bytes that are no UTF-8.
-- args --
$ printf 'let a = "\377"\n' > main.phx
validate main.phx
-- stderr --
error[PHX0011]: byte 0xFF is no UTF-8
 --> main.phx:1:10
  |
1 | let a = "\xff"
  |          ^^^^
  |
  = help: save the file as UTF-8, or convert it with `iconv -f ISO-8859-1 -t UTF-8`
  = explain: run `phx explain PHX0011`

-- exit --
0
1
