changes() is known only when everything is.
-- args --
validate main.phx
-- file main.phx --
let planned = changes()
assert length(changes()) < 3
vm a { id = 101; memory = 1GiB; disk = 1GiB; storage = "local"; cores = length(changes()) }
output facts = [g.has_password for g in guests()]
-- stderr --
error[PHX0246]: `changes()` may stand in a `policy` only
 --> main.phx:1:15
  |
1 | let planned = changes()
  |               ^^^^^^^^^ what changes is not known yet
  |
  = note: changes are found by comparing the finished configuration with the cluster; it cannot depend on them
  = help: move the check into a block `policy NAME { … }`
  = explain: run `phx explain PHX0246`

error[PHX0246]: `changes()` may stand in a `policy` only
 --> main.phx:2:15
  |
2 | assert length(changes()) < 3
  |               ^^^^^^^^^ what changes is not known yet
  |
  = note: changes are found by comparing the finished configuration with the cluster; it cannot depend on them
  = help: move the check into a block `policy NAME { … }`

error[PHX0246]: `changes()` may stand in a `policy` only
 --> main.phx:3:80
  |
3 | vm a { id = 101; memory = 1GiB; disk = 1GiB; storage = "local"; cores = length(changes()) }
  |                                                                                ^^^^^^^^^ what changes is not known yet
  |
  = note: changes are found by comparing the finished configuration with the cluster; it cannot depend on them
  = help: move the check into a block `policy NAME { … }`

error[PHX0301]: unknown attribute `has_password` in `vm`
 --> main.phx:4:19
  |
4 | output facts = [g.has_password for g in guests()]
  |                   ^^^^^^^^^^^^ no such attribute
  |
  = explain: run `phx explain PHX0301`

-- exit --
1
