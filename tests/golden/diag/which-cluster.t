A guest that belongs to no cluster, or to two.
-- args --
validate main.phx
-- file main.phx --
cluster home  { endpoint = "https://10.0.0.13:8006" }
cluster cabin { endpoint = "https://10.9.0.13:8006" }

vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
}
-- stderr --
error[PHX0434]: `vm.web` does not say its cluster
 --> main.phx:4:1
  |
1 | cluster home  { endpoint = "https://10.0.0.13:8006" }
  | ------------ it could be this one
2 | cluster cabin { endpoint = "https://10.9.0.13:8006" }
  | ------------- it could be this one
3 |
4 | vm web {
  | ^^^^^^
  |
  = help: say `cluster = cluster.home` in the guest or in `defaults vm`
  = explain: run `phx explain PHX0434`

-- exit --
1
