A variable that hides another.
-- args --
validate main.phx
-- file main.phx --
let i = 1
for i in 1..2 {
}
-- stderr --
error[PHX0232]: `i` would hide another name
 --> main.phx:2:5
  |
1 | let i = 1
  |     - the outer one, a `let`
2 | for i in 1..2 {
  |     ^ the inner one
  |
  = help: give one of them another name
  = explain: run `phx explain PHX0232`

-- exit --
1
