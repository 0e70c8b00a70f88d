The ssh backend, and an ssh block of a cluster without an endpoint, need a host.
-- args --
validate a.phx
validate b.phx
validate c.phx
-- file a.phx --
cluster home {
  backend = "ssh"
}
-- file b.phx --
cluster home {
  node = "pve"
  ssh { port = 2222 }
}
-- file c.phx --
cluster home {
  backend = "rest"
}
-- stderr --
error[PHX0307]: `backend = "ssh"` needs an `ssh` block
 --> a.phx:1:1
  |
1 | cluster home {
  | ^^^^^^^^^^^^
  |
  = help: name a node of the cluster: `ssh { host = "pve1" }`
  = explain: run `phx explain PHX0307`

error[PHX0307]: `ssh` needs `host`, as the cluster has no `endpoint` to take it from
 --> b.phx:3:3
  |
3 |   ssh { port = 2222 }
  |   ^^^
  |
  = help: name a node of the cluster: `ssh { host = "pve1" }`
  = explain: run `phx explain PHX0307`

error[PHX0309]: `backend` cannot be `rest`
 --> c.phx:2:13
  |
2 |   backend = "rest"
  |             ^^^^^^
  |
  = note: it is `api`, `local` or `ssh`
  = explain: run `phx explain PHX0309`

-- exit --
1
1
1
