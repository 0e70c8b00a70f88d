An unset environment variable, in plan.
-- args --
plan --offline main.phx
-- file main.phx --
stack "t"
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  user admin { password = env("PHX_NOT_SET") }
}
-- stderr --
error[PHX0214]: the environment variable `PHX_NOT_SET` is not set
 --> main.phx:6:27
  |
6 |   user admin { password = env("PHX_NOT_SET") }
  |                           ^^^^^^^^^^^^^^^^^^
  |
  = help: set it, or give a default: `env("PHX_NOT_SET", "…")`
  = explain: run `phx explain PHX0214`

-- exit --
1
