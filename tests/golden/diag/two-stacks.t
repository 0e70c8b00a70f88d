Two stacks.
-- args --
validate main.phx
-- file main.phx --
stack "a"
stack "b"
-- stderr --
error[PHX0240]: a configuration has one `stack`
 --> main.phx:2:1
  |
1 | stack "a"
  | --------- first declared here
2 | stack "b"
  | ^^^^^^^^^ another one here
  |
  = explain: run `phx explain PHX0240`

-- exit --
1
