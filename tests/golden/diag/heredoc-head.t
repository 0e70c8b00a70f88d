A malformed beginning of a heredoc.
-- args --
validate main.phx
-- file main.phx --
output motd = <<"EOF"
hello
EOF
-- stderr --
error[PHX0029]: the end word of a heredoc has no quotes
 --> main.phx:1:15
  |
1 | output motd = <<"EOF"
  |               ^^^^^^ quoted
  |
  = help: a heredoc begins `<<~EOF` at the end of a line and ends with a line `EOF`
  = explain: run `phx explain PHX0029`

-- exit --
1
