A feature that stands twice in one list.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id       = 101
  disk     = 8GiB
  storage  = "local-lvm"
  features = [feature.docker, feature.docker(channel = "test")]
}
-- stderr --
warning[PHX0445]: `vm.web` has no guest agent to do this
 --> main.phx:5:15
  |
5 |   features = [feature.docker, feature.docker(channel = "test")]
  |               ^^^^^^^^^^^^^^
  |
  = help: say `agent { enabled = true }`, and have qemu-guest-agent installed
  = explain: run `phx explain PHX0445`

error[PHX0447]: `feature.docker` stands twice in one guest's list
 --> main.phx:5:31
  |
5 |   features = [feature.docker, feature.docker(channel = "test")]
  |               --------------  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ again here
  |               |
  |               first here
  |
  = help: a feature is in place or not: what it shall do for several things is a parameter that takes a list
  = explain: run `phx explain PHX0447`

-- exit --
1
