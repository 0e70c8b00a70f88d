A VLAN out of range.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = dhcp; vlan = 4095 }
}
-- stderr --
error[PHX0422]: `network.vlan` cannot be `4095`: value must have a maximum value of 4094
 --> main.phx:5:31
  |
5 |   network { ip = dhcp; vlan = 4095 }
  |                               ^^^^
  |
  = note: Proxmox takes a whole number from 1 to 4094
  = explain: run `phx explain PHX0422`

-- exit --
1
