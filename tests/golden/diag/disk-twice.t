The boot disk said twice.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  storage = "local-lvm"
  disk = 8GiB
  disk root { size = 9GiB }
}
-- stderr --
error[PHX0320]: the size of the boot disk is given twice
 --> main.phx:5:15
  |
4 |   disk = 8GiB
  |   ---- and here
5 |   disk root { size = 9GiB }
  |               ^^^^ here
  |
  = note: `disk = SIZE` is short for `disk root { size = SIZE }`
  = explain: run `phx explain PHX0320`

-- exit --
1
