An option out of range.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  options { shares = 100000 }
}
-- stderr --
error[PHX0422]: `options.shares` cannot be `100000`: value must have a maximum value of 50000
 --> main.phx:5:22
  |
5 |   options { shares = 100000 }
  |                      ^^^^^^
  |
  = note: Proxmox takes a whole number from 0 to 50000
  = explain: run `phx explain PHX0422`

-- exit --
1
