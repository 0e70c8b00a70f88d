An attribute given twice.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  cores = 2
  cores = 4
}
-- stderr --
error[PHX0303]: `cores` is set twice
 --> main.phx:6:3
  |
5 |   cores = 2
  |   ----- first set here
6 |   cores = 4
  |   ^^^^^ set again here
  |
  = explain: run `phx explain PHX0303`

-- exit --
1
