A volume names a storage that can be, and a root file system is a size or a volume.
-- args --
validate --format short main.phx
$ "$PHX" plan --offline lxc.json >/dev/null
-- file main.phx --
defaults container { ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst" }
container a { id = 100; rootfs = "\u{1}:16" }
container b { id = 101; rootfs = "-1:16" }
container c { id = 102; rootfs = "local:xx" }
container d { id = 103; rootfs = "local:-5" }
container e { id = 104; rootfs = "local:0" }
container f { id = 105; rootfs = "local:vm-105-disk-0" }
container g { id = 106; rootfs = "local:106/vm-106-disk-0.raw,mountoptions=noatime" }
container h { id = 107; rootfs = "local:0.5"; mount "/x" { source = "-1:vm-107-disk-1" } }
vm j { id = 109; disk x { volume = "-1:vm-109-disk-0" }; iso = "-1:iso/x.iso" }
container k { id = 110; rootfs = "local:1"; ostemplate = "-1:vztmpl/x.tar.zst" }
container l { id = 111; rootfs = "local:1"; ostemplate = "local:vztmpl/true" }
-- file lxc.json --
{"lxc_configs": {
  "900": {"name": "a", "template": true, "storage_pool": -1, "storage_size_gb": 16}
}}
-- stderr --
main.phx:2:34: error[PHX0422]: `rootfs` cannot be `\x01`: storage ID '\x01' contains illegal characters
main.phx:3:34: error[PHX0422]: `rootfs` cannot be `-1`: storage ID '-1' contains illegal characters
main.phx:4:34: error[PHX0433]: `xx` is neither a size nor a volume
main.phx:5:34: error[PHX0433]: `-5` is neither a size nor a volume
main.phx:6:34: error[PHX0433]: `0` is neither a size nor a volume
main.phx:9:69: error[PHX0422]: `mount./x.source` cannot be `-1`: storage ID '-1' contains illegal characters
main.phx:10:36: error[PHX0422]: `disk.x.volume` cannot be `-1`: storage ID '-1' contains illegal characters
main.phx:10:64: error[PHX0422]: `iso` cannot be `-1`: storage ID '-1' contains illegal characters
main.phx:11:58: error[PHX0422]: `ostemplate` cannot be `-1`: storage ID '-1' contains illegal characters
error[PHX0504]: `template` takes a name, not a boolean
 --> lxc.json:2:36
  |
2 |   "900": {"name": "a", "template": true, "storage_pool": -1, "storage_size_gb": 16}
  |                                    ^^^^
  |
  = explain: run `phx explain PHX0504`

error[PHX0504]: `storage_pool` takes a name, not a number
 --> lxc.json:2:58
  |
2 |   "900": {"name": "a", "template": true, "storage_pool": -1, "storage_size_gb": 16}
  |                                                          ^^

-- exit --
1
1
