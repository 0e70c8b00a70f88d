Nobody to ask: apply refuses.
-- args --
apply --sim sim main.phx
-- file main.phx --
stack "t"
container a {
  id = 101
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:2
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB (Proxmox's default)
      rootfs   4GiB on local-lvm
      network  vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
-- stderr --
phx: no terminal to ask on
  hint: look at the plan above, then give --yes; or save a plan (`phx plan -o FILE`) and apply that
-- exit --
64
