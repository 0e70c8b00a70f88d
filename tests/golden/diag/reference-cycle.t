Guests that need each other.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  depends_on = [vm.two]
}
vm two {
  id = 102
  disk = 8GiB
  storage = "local-lvm"
  depends_on = [vm.three]
}
vm three {
  id = 103
  disk = 8GiB
  storage = "local-lvm"
  depends_on = [vm.web]
}
-- stderr --
error[PHX0409]: references in a circle: vm.three → vm.web → vm.two → vm.three
  --> main.phx:17:17
   |
 5 |   depends_on = [vm.two]
   |                 ------ `vm.web` needs `vm.two` (depends_on)
...
11 |   depends_on = [vm.three]
   |                 -------- `vm.two` needs `vm.three` (depends_on)
...
17 |   depends_on = [vm.web]
   |                 ^^^^^^ `vm.three` needs `vm.web` (depends_on)
   |
   = help: none of them can be made first: take one of these references away
   = explain: run `phx explain PHX0409`

-- exit --
1
