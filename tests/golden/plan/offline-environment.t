Without a cluster, what opens the connection to it may be missing; everything else that env() is to give may not.
-- args --
$ for t in token.phx part.phx name.phx param.phx; do "$PHX" plan --offline $t >/dev/null; echo "$t: $?"; done
plan --offline unused.phx
plan --offline output.phx
plan --offline both.phx
plan --offline served.phx
-- file token.phx --
stack "s"
cluster c { endpoint = "https://h:8006"; token = env("UNSET_X"); fingerprint = env("UNSET_Y") }
-- file part.phx --
stack "s"
cluster c { endpoint = "https://h:8006"; token = "root@pam!${env("UNSET_X")}" }
-- file name.phx --
stack "s"
let k = env("UNSET_X")
cluster c { endpoint = "https://h:8006"; token = k }
-- file param.phx --
stack "s"
param k: secret<string> = env("UNSET_X")
cluster c { endpoint = "https://h:8006"; token = k }
-- file unused.phx --
stack "s"
let k = env("UNSET_X")
-- file output.phx --
stack "s"
cluster c { endpoint = "https://h:8006"; token = env("UNSET_X") }
output o = "a ${env("UNSET_Y")} b"
-- file both.phx --
stack "s"
cluster c { endpoint = "https://h:8006"; token = env("UNSET_X") }
vm b { id = 101; disk = 1GiB; storage = "local"; user u { password = env("UNSET_Y") } }
-- file served.phx --
stack "s"
cluster c { endpoint = "https://h:8006"; token = env("UNSET_X") }
output o = "a ${env("UNSET_X")} b"
-- stdout --
token.phx: 0
part.phx: 0
name.phx: 0
param.phx: 0
-- stderr --
error[PHX0214]: the environment variable `UNSET_X` is not set
 --> unused.phx:2:9
  |
2 | let k = env("UNSET_X")
  |         ^^^^^^^^^^^^^^
  |
  = help: set it, or give a default: `env("UNSET_X", "…")`
  = explain: run `phx explain PHX0214`

error[PHX0214]: the environment variable `UNSET_Y` is not set
 --> output.phx:3:17
  |
3 | output o = "a ${env("UNSET_Y")} b"
  |                 ^^^^^^^^^^^^^^
  |
  = help: set it, or give a default: `env("UNSET_Y", "…")`
  = explain: run `phx explain PHX0214`

error[PHX0214]: the environment variable `UNSET_Y` is not set
 --> both.phx:3:70
  |
3 | vm b { id = 101; disk = 1GiB; storage = "local"; user u { password = env("UNSET_Y") } }
  |                                                                      ^^^^^^^^^^^^^^
  |
  = help: set it, or give a default: `env("UNSET_Y", "…")`
  = explain: run `phx explain PHX0214`

error[PHX0214]: the environment variable `UNSET_X` is not set
 --> served.phx:3:17
  |
3 | output o = "a ${env("UNSET_X")} b"
  |                 ^^^^^^^^^^^^^^
  |
  = help: set it, or give a default: `env("UNSET_X", "…")`
  = explain: run `phx explain PHX0214`

-- exit --
0
1
1
1
1
