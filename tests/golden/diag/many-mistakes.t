Independent mistakes are all reported in one run.
-- args --
validate main.phx
-- file main.phx --
let a = 
vm web {
  id = 101
  cores = "4"
  memroy = 8GiB
}
let b = c
vm web2 {
  id = 101
  disk = 8GiB
}
let d = 8GB
-- stderr --
error[PHX0112]: nothing follows the `=`
 --> main.phx:1:7
  |
1 | let a =
  |       ^ expected a value behind it
  |
  = explain: run `phx explain PHX0112`

error[PHX0308]: `cores` takes an int
 --> main.phx:4:11
  |
4 |   cores = "4"
  |           ^^^ this is text, because of its quotes
  |
help: write it without quotes: `4`
  |
4 |   cores = 4
  |           ~
  = explain: run `phx explain PHX0308`

error[PHX0301]: unknown attribute `memroy` in `vm`
 --> main.phx:5:3
  |
2 | vm web {
  | ------ in this `vm`
...
5 |   memroy = 8GiB
  |   ^^^^^^ no such attribute
  |
help: did you mean `memory`?
  |
5 |   memory = 8GiB
  |   ~~~~~~
  = explain: run `phx explain PHX0301`

error[PHX0230]: unknown name `c`
 --> main.phx:7:9
  |
7 | let b = c
  |         ^ no such name here
  |
  = help: text stands in quotes: `"c"`
  = explain: run `phx explain PHX0230`

error[PHX0402]: `vm.web` and `vm.web2` have one id, 101
 --> main.phx:9:8
  |
3 |   id = 101
  |        --- first used here
...
9 |   id = 101
  |        ^^^ used again here
  |
  = note: VMs and containers of a cluster share one range of ids
  = explain: run `phx explain PHX0402`

error[PHX0429]: no storage is said for `disk.root` of `vm.web2`
  --> main.phx:10:3
   |
10 |   disk = 8GiB
   |   ^^^^
   |
   = help: say `storage = "…"` in the guest, in the disk, or in `defaults vm`
   = explain: run `phx explain PHX0429`

error[PHX0019]: `GB` is no unit of phx
  --> main.phx:12:9
   |
12 | let d = 8GB
   |         ^-- unknown unit
   |
help: write `8GiB`
   |
12 | let d = 8GiB
   |         ~~~~
   = explain: run `phx explain PHX0019`

-- exit --
1
