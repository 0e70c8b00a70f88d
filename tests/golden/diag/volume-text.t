A volume that cannot be read.
-- args --
validate main.phx
-- file main.phx --
container ca {
  id         = 103
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs     = "local-lvm"
}
-- stderr --
error[PHX0433]: `rootfs` does not say storage and size
 --> main.phx:4:16
  |
4 |   rootfs     = "local-lvm"
  |                ^^^^^^^^^^^
  |
  = help: write `rootfs = "STORAGE:GIB"`, such as `"local-lvm:16"`, or `rootfs = 16GiB` with `storage`
  = explain: run `phx explain PHX0433`

-- exit --
1
