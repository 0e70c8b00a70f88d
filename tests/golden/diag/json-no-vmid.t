A VM without vmid.
-- args --
validate phoenix_vm_configs.json
-- file phoenix_vm_configs.json --
{
  "vms": [
    {"name": "a", "memory_mb": 512}
  ]
}
-- stderr --
error[PHX0506]: a VM without `vmid`
 --> phoenix_vm_configs.json:3:14
  |
3 |     {"name": "a", "memory_mb": 512}
  |              ^^^
  |
  = help: add `"vmid": NUMBER`, from 100 on
  = explain: run `phx explain PHX0506`

-- exit --
1
