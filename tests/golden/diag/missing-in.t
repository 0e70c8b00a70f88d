A for without in.
-- args --
validate main.phx
-- file main.phx --
for i 1..3 {
}
-- stderr --
error[PHX0100]: unexpected `1` in the head of `for`
 --> main.phx:1:7
  |
1 | for i 1..3 {
  |       ^ expected `,` or `in`
  |
  = help: `for i in 1..workers { … }`
  = explain: run `phx explain PHX0100`

-- exit --
1
