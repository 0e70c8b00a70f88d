A warning of a policy refuses when it is denied, and is silent when it is allowed.
-- args --
validate --deny policy-warning main.phx
validate --allow policy-warning main.phx
-- file main.phx --
vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local" }
policy tagged {
  severity = warn
  for g in guests() { assert length(g.tags) > 0, "${g.address} has no tag" }
}
-- stdout --
valid: 1 guest, 1 resource; 1 policy checked
-- stderr --
error[PHX0651]: policy `tagged` warns: vm.web has no tag
 --> main.phx:4:30
  |
1 | vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local" }
  | ------ vm.web
...
4 |   for g in guests() { assert length(g.tags) > 0, "${g.address} has no tag" }
  |                              ^^^^^^^^^^^^^^^^^^ this is false
  |
  = note: `length(g.tags)` is 0
  = explain: run `phx explain PHX0651`

-- exit --
3
0
