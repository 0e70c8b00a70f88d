A boot order against the dependencies.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id         = 101
  storage    = "local-lvm"
  disk       = 32GiB
  on_boot    = true
  startup { order = 1 }
  depends_on = [vm.db]
}

vm db {
  id      = 102
  storage = "local-lvm"
  disk    = 32GiB
  on_boot = true
  startup { order = 2 }
}
-- stdout --
valid: 2 guests, 2 resources
-- stderr --
warning[PHX0426]: `vm.web` boots before `vm.db`, which it needs
  --> main.phx:6:3
   |
 6 |   startup { order = 1 }
   |   ^^^^^^^ order 1
 7 |   depends_on = [vm.db]
   |                 ----- needed here
...
15 |   startup { order = 2 }
   |   ------- order 2
   |
   = help: give `vm.web` an order of at least 2
   = explain: run `phx explain PHX0426`

