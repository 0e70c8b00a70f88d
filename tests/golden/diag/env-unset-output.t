Without a cluster nobody needs its token, but an output needs its variable.
-- args --
plan --offline main.phx
-- file main.phx --
stack "t"
cluster home { endpoint = "https://10.0.0.13:8006"; node = "pve"; token = env("PHX_TOKEN_NOT_SET", "") }
output greeting = "for ${env("PHX_NOT_SET")}"
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
error[PHX0214]: the environment variable `PHX_NOT_SET` is not set
 --> main.phx:3:26
  |
3 | output greeting = "for ${env("PHX_NOT_SET")}"
  |                          ^^^^^^^^^^^^^^^^^^
  |
  = help: set it, or give a default: `env("PHX_NOT_SET", "…")`
  = explain: run `phx explain PHX0214`

-- exit --
1
