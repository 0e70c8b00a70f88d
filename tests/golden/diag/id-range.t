A range of ids that Proxmox cannot have.
-- args --
validate main.phx
-- file main.phx --
stack "lab" { ids = 20..29 }
-- stderr --
error[PHX0325]: `ids` cannot be 20..29
 --> main.phx:1:1
  |
1 | stack "lab" { ids = 20..29 }
  | ^^^^^^^^^^^
  |
  = note: Proxmox's ids are 100 to 999999999
  = explain: run `phx explain PHX0325`

-- exit --
1
