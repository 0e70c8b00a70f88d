Cores out of range.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  cores = 0
}
-- stderr --
error[PHX0422]: `cores` cannot be `0`: value must have a minimum value of 1
 --> main.phx:5:11
  |
5 |   cores = 0
  |           ^
  |
  = note: Proxmox takes a whole number of at least 1
  = explain: run `phx explain PHX0422`

-- exit --
1
