An id below Proxmox's first.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 99
  disk = 8GiB
  storage = "local-lvm"
}
-- stderr --
error[PHX0422]: `id` cannot be `99`
 --> main.phx:2:8
  |
2 |   id = 99
  |        ^^
  |
  = note: Proxmox's ids are 100 to 999999999
  = explain: run `phx explain PHX0422`

-- exit --
1
