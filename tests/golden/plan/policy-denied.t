A plan that a policy refuses: exit 3, not saved, not applied; nor is a saved plan that a policy has come to refuse since.
-- args --
$ "$PHX" apply --yes --sim sim --sim-speed 0 first.phx >/dev/null 2>&1
plan --sim sim --policy-dir rules second.phx
plan --sim sim --allow-destroy vm.gone -o denied.phxplan --policy-dir rules second.phx
$ test ! -e denied.phxplan
$ "$PHX" plan --sim sim --allow-destroy vm.gone --policy-dir rules --json second.phx | jq -c '.policies[]'
apply --yes --sim sim --allow-destroy vm.gone --policy-dir rules second.phx
$ "$PHX" plan --sim sim --allow-destroy vm.gone -o fine.phxplan second.phx >/dev/null
$ "$PHX" apply --sim sim --policy-dir rules fine.phxplan >/dev/null
$ "$PHX" destroy --yes --sim sim --policy-dir rules first.phx 2>&1 | grep -v '^ '
plan --sim sim --allow-destroy vm.gone --policy-dir warn -o warned.phxplan second.phx
-- file first.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm stays { id = 101; memory = 1GiB; disk = 1GiB; storage = "local-lvm"; running = false }
vm gone { id = 102; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false; tags = ["old"]; notes = "mine" }
-- file second.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm stays { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false }
-- file rules/quiet.phx --
policy no-quiet-destroy {
  severity = deny
  for c in changes() {
    assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
  }
}
policy no-growth {
  severity = deny
  for c in changes() {
    for a in c.attributes {
      assert a.path != "memory", "${c.address}: ${a.path} from ${coalesce(a.before, "none")} to ${coalesce(a.after, "none")}"
    }
  }
}
policy passes { assert length(changes()) < 5 }
-- file warn/left.phx --
policy what-left {
  severity = warn
  for c in changes() {
    if c.action == delete {
      assert false, "${c.guest.name} on ${c.guest.node}: ${c.guest.memory}, tags ${join(",", c.guest.tags)}, notes ${c.guest.notes}, runs ${c.guest.running}, id ${c.guest.id}"
      assert c.guest.pool != null && c.guest.network.bridge != null, "unknown is null"
    }
  }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.stays  101 on pve  second.phx:3
    update
      memory  1GiB → 2GiB  second.phx:3

- vm.gone  102 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-102-disk-0, 1GiB, is destroyed

Policies
  no-quiet-destroy  DENIES the plan  rules/quiet.phx:1
    vm.gone would be destroyed  rules/quiet.phx:4
  no-growth         DENIES the plan  rules/quiet.phx:7
    vm.stays: memory from 1GiB to 2GiB  second.phx:3
  passes            passed

! DATA LOSS: vm.gone
Plan: 0 to create, 1 to update, 0 to replace, 1 to delete. Refused: nothing will be done.
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.stays  101 on pve  second.phx:3
    update
      memory  1GiB → 2GiB  second.phx:3

- vm.gone  102 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-102-disk-0, 1GiB, is destroyed

Policies
  no-quiet-destroy  DENIES the plan  rules/quiet.phx:1
    vm.gone would be destroyed  rules/quiet.phx:4
  no-growth         DENIES the plan  rules/quiet.phx:7
    vm.stays: memory from 1GiB to 2GiB  second.phx:3
  passes            passed

! DATA LOSS: vm.gone
Plan: 0 to create, 1 to update, 0 to replace, 1 to delete. Denied by a policy: nothing will be done.
About ….
{"name":"no-quiet-destroy","severity":"deny","passed":false,"source":{"path":"rules/quiet.phx","line":1,"column":1},"findings":[{"message":"vm.gone would be destroyed","address":"vm.gone","source":null,"assertion":{"path":"rules/quiet.phx","line":4,"column":12}}]}
{"name":"no-growth","severity":"deny","passed":false,"source":{"path":"rules/quiet.phx","line":7,"column":1},"findings":[{"message":"vm.stays: memory from 1GiB to 2GiB","address":"vm.stays","source":{"path":"second.phx","line":3,"column":31},"assertion":{"path":"rules/quiet.phx","line":11,"column":14}}]}
{"name":"passes","severity":"deny","passed":true,"source":{"path":"rules/quiet.phx","line":15,"column":1},"findings":[]}
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.stays  101 on pve  second.phx:3
    update
      memory  1GiB → 2GiB  second.phx:3

- vm.gone  102 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-102-disk-0, 1GiB, is destroyed

Policies
  no-quiet-destroy  DENIES the plan  rules/quiet.phx:1
    vm.gone would be destroyed  rules/quiet.phx:4
  no-growth         DENIES the plan  rules/quiet.phx:7
    vm.stays: memory from 1GiB to 2GiB  second.phx:3
  passes            passed

! DATA LOSS: vm.gone
Plan: 0 to create, 1 to update, 0 to replace, 1 to delete. Denied by a policy: nothing will be done.
About ….
error[PHX0650]: policy `no-quiet-destroy` denies: vm.gone would be destroyed
4 |     assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
4 | vm gone { id = 102; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false; tags = ["old"]; notes = "mine" }

error[PHX0650]: policy `no-quiet-destroy` denies: vm.stays would be destroyed
4 |     assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
3 | vm stays { id = 101; memory = 1GiB; disk = 1GiB; storage = "local-lvm"; running = false }

Stack t on cluster pve (http://127.0.0.1:PORT)

- vm.gone  102 on pve  first.phx:4

- vm.stays  101 on pve  first.phx:3

Policies

! DATA LOSS: vm.gone, vm.stays
Plan: 0 to create, 0 to update, 0 to replace, 2 to delete. Denied by a policy: nothing will be done.
About ….
nothing was done: a policy denies the plan
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.stays  101 on pve  second.phx:3
    update
      memory  1GiB → 2GiB  second.phx:3

- vm.gone  102 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-102-disk-0, 1GiB, is destroyed

Policies
  what-left  warns  warn/left.phx:1
    vm.gone: gone on pve: 2GiB, tags old, notes mine, runs false, id 102  warn/left.phx:5
    vm.gone: unknown is null  warn/left.phx:6

! DATA LOSS: vm.gone
Plan: 0 to create, 1 to update, 0 to replace, 1 to delete; 4 actions.
About ….
-- stderr --
error[PHX0608]: `vm.gone` (vm 102) left the configuration and would be deleted
  = note: local-lvm:vm-102-disk-0, 1GiB, is destroyed
  = help: to allow it this once: --allow-destroy vm.gone
  = explain: run `phx explain PHX0608`

error[PHX0650]: policy `no-quiet-destroy` denies: vm.gone would be destroyed
 --> rules/quiet.phx:4:12
  |
4 |     assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is false
  |
  = note: it is about `vm.gone` (delete)
  = note: `c.action` is "delete"
  = note: `[delete, replace]` is [delete, replace]
  = note: `c.guest.tags` is ["old"]
  = explain: run `phx explain PHX0650`

error[PHX0650]: policy `no-growth` denies: vm.stays: memory from 1GiB to 2GiB
  --> rules/quiet.phx:11:14
   |
11 |       assert a.path != "memory", "${c.address}: ${a.path} from ${coalesce(a.before, "none")} to ${coalesce(a.after, "none")}"
   |              ^^^^^^^^^^^^^^^^^^ this is false
   |
  ::: second.phx:3:31
   |
 3 | vm stays { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false }
   |                               ---- vm.stays: update
   |
   = note: `a.path` is "memory"

error[PHX0650]: policy `no-quiet-destroy` denies: vm.gone would be destroyed
 --> rules/quiet.phx:4:12
  |
4 |     assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is false
  |
  = note: it is about `vm.gone` (delete)
  = note: `c.action` is "delete"
  = note: `[delete, replace]` is [delete, replace]
  = note: `c.guest.tags` is ["old"]
  = explain: run `phx explain PHX0650`

error[PHX0650]: policy `no-growth` denies: vm.stays: memory from 1GiB to 2GiB
  --> rules/quiet.phx:11:14
   |
11 |       assert a.path != "memory", "${c.address}: ${a.path} from ${coalesce(a.before, "none")} to ${coalesce(a.after, "none")}"
   |              ^^^^^^^^^^^^^^^^^^ this is false
   |
  ::: second.phx:3:31
   |
 3 | vm stays { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false }
   |                               ---- vm.stays: update
   |
   = note: `a.path` is "memory"

not saved as denied.phxplan: a policy denies the plan
error[PHX0650]: policy `no-quiet-destroy` denies: vm.gone would be destroyed
 --> rules/quiet.phx:4:12
  |
4 |     assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is false
  |
  = note: it is about `vm.gone` (delete)
  = note: `c.action` is "delete"
  = note: `[delete, replace]` is [delete, replace]
  = note: `c.guest.tags` is ["old"]
  = explain: run `phx explain PHX0650`

error[PHX0650]: policy `no-growth` denies: vm.stays: memory from 1GiB to 2GiB
  --> rules/quiet.phx:11:14
   |
11 |       assert a.path != "memory", "${c.address}: ${a.path} from ${coalesce(a.before, "none")} to ${coalesce(a.after, "none")}"
   |              ^^^^^^^^^^^^^^^^^^ this is false
   |
  ::: second.phx:3:31
   |
 3 | vm stays { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false }
   |                               ---- vm.stays: update
   |
   = note: `a.path` is "memory"

nothing was done: a policy denies the plan
saved as fine.phxplan: `phx apply fine.phxplan` does exactly this
error[PHX0650]: policy `no-quiet-destroy` denies: vm.gone would be destroyed
 --> rules/quiet.phx:4:12
  |
4 |     assert !(c.action in [delete, replace]) || "disposable" in c.guest.tags, "${c.address} would be destroyed"
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is false
  |
  = note: it is about `vm.gone` (delete)
  = note: `c.action` is "delete"
  = note: `[delete, replace]` is [delete, replace]
  = note: `c.guest.tags` is ["old"]
  = explain: run `phx explain PHX0650`

error[PHX0650]: policy `no-growth` denies: vm.stays: memory from 1GiB to 2GiB
  --> rules/quiet.phx:11:14
   |
11 |       assert a.path != "memory", "${c.address}: ${a.path} from ${coalesce(a.before, "none")} to ${coalesce(a.after, "none")}"
   |              ^^^^^^^^^^^^^^^^^^ this is false
   |
  ::: second.phx:3:31
   |
 3 | vm stays { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false }
   |                               ---- vm.stays: update
   |
   = note: `a.path` is "memory"

nothing was done: a policy denies the plan
warning[PHX0651]: policy `what-left` warns: gone on pve: 2GiB, tags old, notes mine, runs false, id 102
 --> warn/left.phx:5:14
  |
5 |       assert false, "${c.guest.name} on ${c.guest.node}: ${c.guest.memory}, tags ${join(",", c.guest.tags)}, notes ${c.g...
  |              ^^^^^ this is false
  |
  = note: it is about `vm.gone` (delete)
  = explain: run `phx explain PHX0651`

warning[PHX0651]: policy `what-left` warns: unknown is null
 --> warn/left.phx:6:14
  |
6 |       assert c.guest.pool != null && c.guest.network.bridge != null, "unknown is null"
  |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is false
  |
  = note: it is about `vm.gone` (delete)
  = note: `c.guest.pool` is null

saved as warned.phxplan: `phx apply warned.phxplan` does exactly this
-- exit --
0
1
3
0
0
3
0
3
0
0
