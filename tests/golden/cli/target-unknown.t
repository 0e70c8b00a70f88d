A mistyped target plans nothing.
-- args --
plan --offline --target vm.wbe main.phx
-- file main.phx --
stack "t"
vm web {
  id = 101
  storage = "local-lvm"
  disk = 8GiB
}
-- stderr --
phx: `--target vm.wbe`: the configuration has no such resource
  hint: did you mean `vm.web`?
-- exit --
64
