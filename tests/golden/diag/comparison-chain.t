Comparisons in a chain.
-- args --
validate main.phx
-- file main.phx --
param workers: int = 3 {
  assert 1 <= value <= 50, "between 1 and 50"
}
-- stderr --
error[PHX0116]: `<=` cannot follow another one
 --> main.phx:2:21
  |
2 |   assert 1 <= value <= 50, "between 1 and 50"
  |                     ^^ comparisons do not chain
  |
  = help: write `a < b && b < c`, or use parentheses
  = explain: run `phx explain PHX0116`

-- exit --
1
