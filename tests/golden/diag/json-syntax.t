JSON with a comma too many.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"vmid": 101, "name": "a",}
  ]
}
-- stderr --
error[PHX0500]: expected a key in "…"
 --> phoenix_vm_configs.json:3:31
  |
3 |     {"vmid": 101, "name": "a",}
  |                               ^
  |
  = help: JSON takes no `,` before a `}`
  = explain: run `phx explain PHX0500`

-- exit --
1
