A VM without any disk.
-- args --
validate main.phx
-- file main.phx --
vm pxe {
  id     = 101
  memory = 2GiB
}
-- stdout --
valid: 1 guest, 1 resource
-- stderr --
warning[PHX0416]: `vm.pxe` has no disk
 --> main.phx:1:1
  |
1 | vm pxe {
  | ^^^^^^
  |
  = help: say `image`, `clone`, or `disk = 32GiB`
  = explain: run `phx explain PHX0416`

