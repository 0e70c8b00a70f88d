A word that is not one of the values.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  bios = uefi
}
-- stderr --
error[PHX0309]: `bios` cannot be `uefi`
 --> main.phx:5:10
  |
5 |   bios = uefi
  |          ^^^^
  |
  = note: it is `seabios` or `ovmf`
  = explain: run `phx explain PHX0309`

-- exit --
1
