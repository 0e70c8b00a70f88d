A clone of what is no template.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
}
vm two {
  id = 102
  clone = vm.web
}
-- stderr --
error[PHX0410]: `vm.two` is a clone of `vm.web`, which is no template
 --> main.phx:8:11
  |
1 | vm web {
  | ------ this stays a guest that runs
...
8 |   clone = vm.web
  |           ^^^^^^ cloned here
  |
  = help: say `template = true` in `vm.web`
  = explain: run `phx explain PHX0410`

-- exit --
1
