A clone that differs from its source in being unprivileged.
-- args --
validate main.phx
-- file main.phx --
container base {
  id         = 900
  template   = true
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  rootfs     = "local-lvm:8"
}

container ca {
  id           = 103
  clone        = container.base
  unprivileged = true
}
-- stderr --
error[PHX0421]: a clone is as privileged as its source, `container.base`
  --> main.phx:11:18
   |
 1 | container base {
   | -------------- the source is privileged, which is Proxmox's default
...
11 |   unprivileged = true
   |                  ^^^^
   |
   = note: Proxmox cannot change `unprivileged` after creation
   = explain: run `phx explain PHX0421`

-- exit --
1
