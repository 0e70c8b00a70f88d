`self` where it means nothing.
-- args --
validate main.phx
-- file main.phx --
pool lab {
  comment = "twenty guests"
}
output comment = self.comment
-- stderr --
error[PHX0244]: `self` means nothing outside a block
 --> main.phx:4:18
  |
4 | output comment = self.comment
  |                  ^^^^^^^^^^^^
  |
  = help: name the resource, as in `vm.web.comment`
  = explain: run `phx explain PHX0244`

-- exit --
1
