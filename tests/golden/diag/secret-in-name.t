A secret in a name.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  name = secret("canary")
}
-- stderr --
error[PHX0310]: a secret may not become `name`, which phx shows in plans
 --> main.phx:5:10
  |
5 |   name = secret("(secret)")
  |          ^^^^^^^^^^^^^^^^^^
  |
  = note: secrets may stand in `password`, `token`, the contents of files, cloud-init data, and the parameters of features and scripts
  = explain: run `phx explain PHX0310`

-- exit --
1
