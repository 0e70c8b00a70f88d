A saved plan whose source has changed since says what it would do now.
-- args --
$ "$PHX" apply --yes --sim lab --sim-speed 0 main.phx >/dev/null 2>&1; sed 's/cores = 1/cores = 2/' main.phx >next.phx; "$PHX" plan --sim lab -o p.plan next.phx >/dev/null 2>&1; sed 's/cores = 1/cores = 3/' main.phx >next.phx
apply --yes --sim lab p.plan
$ sed 's/cores = 1; memory = 512MiB/cores = 3; memory = 1GiB/' main.phx >next.phx
apply --yes --sim lab p.plan
-- file main.phx --
stack "st"
vm a { id = 100; cores = 1; memory = 512MiB; disk = 1GiB; storage = "local-lvm"; agent { enabled = false }; running = false }
-- stderr --
phx: the saved plan is stale:
  next.phx was changed since
  vm.a (100): cores was to become 2, now 3: the configuration wants something else
  hint: plan again, and review what it says now
phx: the saved plan is stale:
  next.phx was changed since
  vm.a (100): cores was to become 2, now 3: the configuration wants something else
  vm.a (100): memory was as declared, now 512MiB is to become 1GiB
    by whom: the task log does not tell (a change of a configuration leaves no task)
  hint: plan again, and review what it says now
-- exit --
0
4
0
4
