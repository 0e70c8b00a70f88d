An image and a clone.
-- args --
validate main.phx
-- file main.phx --
image noble { volume = "local:import/noble.qcow2" }
vm base {
  id = 900
  template = true
  disk = 8GiB
  storage = "local-lvm"
  network { ip = dhcp }
}
vm two {
  id = 102
  clone = vm.base
  image = image.noble
}
-- stderr --
error[PHX0414]: `vm.two` is to be both cloned and made from an image
  --> main.phx:12:3
   |
11 |   clone = vm.base
   |   ----- cloned from this
12 |   image = image.noble
   |   ^^^^^ made from this
   |
   = help: leave one of them out
   = explain: run `phx explain PHX0414`

-- exit --
1
