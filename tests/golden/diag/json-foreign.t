A JSON file of another kind.
-- args --
validate other.json
-- file other.json --
{
  "services": {}
}
-- stderr --
error[PHX0503]: this is none of Phoenix's configuration files
 --> other.json:1:1
  |
1 | {
  | ^
  |
  = note: a VM file has `vms`, a container file `lxc_configs`, a hypervisor file such members as `network` and `zfs`
  = explain: run `phx explain PHX0503`

-- exit --
1
