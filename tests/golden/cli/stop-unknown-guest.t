A guest that the configuration does not have.
-- args --
stop wep main.phx
stop main.phx
-- file main.phx --
stack "t"
vm web { id = 101; disk = 8GiB; storage = "local-lvm" }
-- stderr --
phx: the configuration has no guest `wep`
  hint: did you mean `web`?
phx: `phx stop` needs to know which guests
  hint: name them by address, id or name (`phx stop vm.web 101`), or say `all`
-- exit --
64
64
