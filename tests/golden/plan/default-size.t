A root file system whose size is not declared is 4GiB when it is made, and stays what somebody made of it.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx 2>/dev/null | tail -1
$ sed -i '/rootfs/d' main.phx
plan --sim sim main.phx
plan --sim sim --refresh-only main.phx
-- file main.phx --
stack "t"
container a {
  id = 101; memory = 512MiB; storage = "local-lvm"; running = false
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = 5GiB
}
-- stdout --
Apply complete: 3 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
No drift. Nothing was changed on the cluster since phx wrote it.
