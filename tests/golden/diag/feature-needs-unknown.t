A feature that needs what is not there; and one whose needed feature wants a parameter that nobody gives.
-- args --
validate unknown.phx
validate parameter.phx
-- file run.sh --
#!/bin/sh
-- file unknown.phx --
feature a {
  script = "run.sh"
  needs  = [feature.dockr, vm.x]
}
-- file parameter.phx --
feature a {
  script = "run.sh"
  needs  = [feature.b]
}
feature b {
  script = "run.sh"
  param port: int
}
vm x {
  id       = 101
  disk     = 8GiB
  storage  = "local-lvm"
  features = [feature.a]
}
-- stderr --
error[PHX0312]: there is no feature `dockr`
 --> unknown.phx:3:13
  |
3 |   needs  = [feature.dockr, vm.x]
  |             ^^^^^^^^^^^^^ not declared anywhere
  |
  = note: features that come with phx are in ETC/features
help: did you mean `feature.docker`?
  |
3 |   needs  = [feature.docker, vm.x]
  |             ~~~~~~~~~~~~~~
  = explain: run `phx explain PHX0312`

error[PHX0312]: there is no vm `x`
 --> unknown.phx:3:28
  |
3 |   needs  = [feature.dockr, vm.x]
  |                            ^^^^ not declared anywhere

error[PHX0242]: `feature.b` needs its parameter `port`
  --> parameter.phx:13:15
   |
 7 |   param port: int
   |         ---- declared here, without a default
...
13 |   features = [feature.a]
   |               ^^^^^^^^^
   |
   = note: it is used because `feature.a` needs it
   = help: list it with the parameter: `feature.b(port = …)`
   = explain: run `phx explain PHX0242`

warning[PHX0445]: `vm.x` has no guest agent to do this
  --> parameter.phx:13:15
   |
13 |   features = [feature.a]
   |               ^^^^^^^^^
   |
   = help: say `agent { enabled = true }`, and have qemu-guest-agent installed
   = explain: run `phx explain PHX0445`

-- exit --
1
1
