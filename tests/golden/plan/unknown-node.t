A node that the cluster does not have.
-- args --
plan --sim sim main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  node = "pve9"
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

Plan: 0 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0603]: the cluster has no node `pve9` (for `container.a`)
 --> main.phx:3:1
  |
3 | container a {
  | ^^^^^^^^^^^
  |
  = note: there is node `pve`
  = help: did you mean `pve`?
  = explain: run `phx explain PHX0603`

-- exit --
1
