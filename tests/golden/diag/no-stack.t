A plan without a stack.
-- args --
plan --offline main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
phx: the configuration has no `stack`: phx would not know what it owns
  hint: add a line such as `stack "lab"`
-- exit --
64
