A file in UTF-16.
-- args --
$ printf '\377\376l\000e\000t\000' > main.phx
validate main.phx
-- stderr --
error[PHX0012]: the file is in UTF-16
 --> main.phx:1:1
  |
1 | \xff\xfel\x00e\x00t\x00
  | ^
  |
  = help: save it as UTF-8, or convert it with `iconv -f UTF-16 -t UTF-8`
  = explain: run `phx explain PHX0012`

-- exit --
0
1
