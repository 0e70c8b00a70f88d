A heredoc without its end word.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  notes = <<EOF
  text
}
-- stderr --
error[PHX0017]: heredoc is never ended
 --> main.phx:3:11
  |
3 |   notes = <<EOF
  |           ^^^^^ begins here
  |
  = help: end it with a line that starts with `EOF`; for an indented one, begin with `<<~`
  = explain: run `phx explain PHX0017`

-- exit --
1
