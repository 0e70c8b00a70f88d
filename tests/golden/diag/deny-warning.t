A warning that was made an error.
-- args --
validate --deny plain-password main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  user admin { password = "hunter22" }
}
-- stderr --
error[PHX0428]: `password` stands in clear in the source
 --> main.phx:5:27
  |
5 |   user admin { password = "(secret)" }
  |                           ^^^^^^^^^^
  |
  = help: read it from the environment: `password = env("NAME")`
  = explain: run `phx explain PHX0428`

-- exit --
1
