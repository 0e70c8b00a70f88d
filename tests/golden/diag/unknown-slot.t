A slot that does not exist.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  disk scsi31 { size = 10GiB }
}
-- stderr --
error[PHX0431]: a VM has no disk slot `scsi31`
 --> main.phx:5:3
  |
5 |   disk scsi31 { size = 10GiB }
  |   ^^^^^^^^^^^
  |
  = note: the slots are ide0 to ide3, sata0 to sata5, scsi0 to scsi30, virtio0 to virtio15, efidisk0 and tpmstate0
  = explain: run `phx explain PHX0431`

-- exit --
1
