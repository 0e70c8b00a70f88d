A secret decides.
-- args --
validate main.phx
-- file main.phx --
if secret("canary") == "x" {
}
-- stderr --
error[PHX0217]: a secret may not decide a condition
 --> main.phx:1:4
  |
1 | if secret("(secret)") == "x" {
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: what exists is shown in every plan, and would give the secret away
  = explain: run `phx explain PHX0217`

-- exit --
1
