A processor model is one of Proxmox's, or custom-NAME; no flags are no flags.
-- args --
validate main.phx
-- file main.phx --
defaults vm { disk = 1GiB; storage = "local-lvm" }
vm a { id = 100; cpu { flags = [] } }
vm b { id = 101; cpu { type = "foo bar" } }
vm c { id = 102; cpu { type = "hots" } }
vm d { id = 103; cpu { type = "custom-x"; flags = ["+aes"] } }
vm e { id = 104; cpu { type = "x86-64-v2-AES"; flags = [] } }
-- stderr --
error[PHX0422]: `foo bar` is no name of a processor
 --> main.phx:3:31
  |
3 | vm b { id = 101; cpu { type = "foo bar" } }
  |                               ^^^^^^^^^
  |
  = explain: run `phx explain PHX0422`

warning[PHX0449]: Proxmox has no processor model `hots`
 --> main.phx:4:31
  |
4 | vm c { id = 102; cpu { type = "hots" } }
  |                               ^^^^^^
  |
  = note: as far as phx knows them; one of your own (/etc/pve/virtual-guest/cpu-models.conf) is `custom-NAME`
  = help: did you mean `host`?
  = explain: run `phx explain PHX0449`

-- exit --
1
