A VM cloned from a container.
-- args --
validate main.phx
-- file main.phx --
container base {
  id = 900
  template = true
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs = "local-lvm:8"
}
vm web {
  id = 101
  clone = container.base
}
-- stderr --
error[PHX0411]: a vm cannot be a clone of `container.base`, a container
 --> main.phx:9:11
  |
1 | container base {
  | -------------- declared here
...
7 | vm web {
  | ------ this is a vm
8 |   id = 101
9 |   clone = container.base
  |           ^^^^^^^^^^^^^^ names a container
  |
  = explain: run `phx explain PHX0411`

-- exit --
1
