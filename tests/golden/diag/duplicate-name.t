Two resources of one address.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
}
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
error[PHX0311]: `vm.web` is declared twice
 --> main.phx:6:1
  |
1 | vm web {
  | ------ first declared here
...
6 | vm web {
  | ^^^^^^ declared again here
  |
  = explain: run `phx explain PHX0311`

-- exit --
1
