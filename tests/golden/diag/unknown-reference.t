A reference to nothing.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  depends_on = [container.step-ca]
}
container ca {
  id = 103
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs = "local-lvm:8"
}
-- stderr --
error[PHX0312]: there is no container `step-ca`
 --> main.phx:5:17
  |
5 |   depends_on = [container.step-ca]
  |                 ^^^^^^^^^^^^^^^^^ not declared anywhere
  |
  = explain: run `phx explain PHX0312`

-- exit --
1
