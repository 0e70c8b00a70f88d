A container made of nothing.
-- args --
validate main.phx
-- file main.phx --
container ca {
  id = 103
  rootfs = "local-lvm:8"
}
-- stderr --
error[PHX0415]: `container.ca` has neither `ostemplate` nor `clone`
 --> main.phx:1:1
  |
1 | container ca {
  | ^^^^^^^^^^^^
  |
  = help: a container is made from an OS template, such as `ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"`, or cloned from one that was
  = explain: run `phx explain PHX0415`

-- exit --
1
