A parameter of another type for a feature that comes with phx: both places are shown.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id       = 101
  disk     = 8GiB
  storage  = "local-lvm"
  features = [feature.docker(users = "me", chanel = "test")]
}
vm web2 {
  id       = 102
  disk     = 8GiB
  storage  = "local-lvm"
  features = [feature.docker(channel = "nightly")]
}
vm web3 {
  id       = 103
  disk     = 8GiB
  storage  = "local-lvm"
  features = [feature.docker(users = "me")]
}
-- stderr --
error[PHX0242]: the feature `docker` has no parameter `chanel`
 --> main.phx:5:44
  |
5 |   features = [feature.docker(users = "me", chanel = "test")]
  |                                            ^^^^^^ no such parameter
  |
 ::: ETC/features/docker.phx:2:1
  |
2 | feature docker {
  | -------------- declared here
  |
help: did you mean `channel`?
  |
5 |   features = [feature.docker(users = "me", channel = "test")]
  |                                            ~~~~~~~
  = explain: run `phx explain PHX0242`

error[PHX0234]: Docker's channels are stable and test
  --> main.phx:11:40
   |
11 |   features = [feature.docker(channel = "nightly")]
   |                                        ^^^^^^^^^ this is "nightly"
   |
  ::: ETC/features/docker.phx:11:12
   |
11 |     assert value in ["stable", "test"], "Docker's channels are stable and test"
   |            --------------------------- asserted here
   |
   = note: `value` is "nightly"
   = note: `["stable", "test"]` is ["stable", "test"]
   = explain: run `phx explain PHX0234`

error[PHX0242]: the parameter `users` of `feature.docker` is list<string>, not string
  --> main.phx:17:38
   |
17 |   features = [feature.docker(users = "me")]
   |                                      ^^^^
   |
  ::: ETC/features/docker.phx:16:16
   |
16 |   param users: list<string> = []  # may use Docker, which makes them as powerful as root
   |                ------------ declared here

-- exit --
1
