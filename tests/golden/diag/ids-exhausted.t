More guests than ids.
-- args --
plan --offline main.phx
-- file main.phx --
stack "t" { ids = 200..201 }
for i in 1..3 {
  vm "w-${i}" {
    disk = 8GiB
    storage = "local-lvm"
  }
}
-- stdout --
Stack t, planned without a cluster: everything is new

Plan: 0 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0602]: no id is left for `vm.w-3` in 200..201
 --> main.phx:3:3
  |
3 |   vm "w-${i}" {
  |   ^^^^^^^^^^^
  |
  = help: say `id = …`, or give the stack a larger range: stack "t" { ids = 200..299 }
  = explain: run `phx explain PHX0602`

-- exit --
1
