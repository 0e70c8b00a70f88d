More devices than slots.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  hostpci = ["01:00" for n in range(17)]
}
-- stderr --
error[PHX0432]: a vm has 16 `hostpci` at most
 --> main.phx:5:14
  |
5 |   hostpci = ["01:00" for n in range(17)]
  |              ^^^^^^^
  |
  = explain: run `phx explain PHX0432`

-- exit --
1
