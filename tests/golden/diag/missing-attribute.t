A required attribute is missing.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  disk data { ssd = true }
}
-- stderr --
error[PHX0307]: `disk.data` needs `size`
 --> main.phx:5:3
  |
5 |   disk data { ssd = true }
  |   ^^^^^^^^^
  |
  = note: a disk that is neither cloned nor filled from an image is made empty, of the size it says
  = explain: run `phx explain PHX0307`

-- exit --
1
