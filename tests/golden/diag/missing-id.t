A guest without id and without range.
-- args --
validate main.phx
-- file main.phx --
vm web {
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
error[PHX0401]: `vm.web` has no id
 --> main.phx:1:1
  |
1 | vm web {
  | ^^^^^^
  |
  = help: say `id = …`, or give the stack a range to take free ids from: `stack "NAME" { ids = 200..299 }`
  = explain: run `phx explain PHX0401`

-- exit --
1
