A plan that is signed is refused without its signature, with another key, and when it was changed.
-- args --
$ PHX_PLAN_KEY=short "$PHX" plan --sim sim -o p.phxplan main.phx
$ PHX_PLAN_KEY=0123456789abcdef0123456789abcdef "$PHX" plan --sim sim -o p.phxplan main.phx >/dev/null
$ PHX_PLAN_KEY=0123456789abcdef0123456789abcdef "$PHX" show p.phxplan
show p.phxplan
$ PHX_PLAN_KEY=another-key-another-key "$PHX" show p.phxplan
$ PHX_PLAN_KEY=another-key-another-key "$PHX" apply --sim sim p.phxplan
$ grep -v '"signature"' p.phxplan | sed 's/^\(  "sha256": "[0-9a-f]*"\),$/\1/' > bare.phxplan
show bare.phxplan
$ PHX_PLAN_KEY=0123456789abcdef0123456789abcdef "$PHX" apply --sim sim bare.phxplan
$ grep -c 0123456789abcdef p.phxplan
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB
      rootfs   4GiB on local-lvm
      network  vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB
      rootfs   4GiB on local-lvm
      network  vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:3
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB
      rootfs   4GiB on local-lvm
      network  vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
0
-- stderr --
phx: PHX_PLAN_KEY has 5 bytes: that is guessed quickly
  hint: at least 16 bytes; `openssl rand -hex 32` makes a good one
saved as p.phxplan: `phx apply p.phxplan` does exactly this
p.phxplan is signed; PHX_PLAN_KEY is not set, so only its checksum was verified
phx: p.phxplan was tampered with, or is not from where it should be: its signature does not fit PHX_PLAN_KEY
  hint: do not apply it; make it again where PHX_PLAN_KEY is the right key: phx plan -o p.phxplan
phx: p.phxplan was tampered with, or is not from where it should be: its signature does not fit PHX_PLAN_KEY
  hint: do not apply it; make it again where PHX_PLAN_KEY is the right key: phx plan -o p.phxplan
phx: bare.phxplan was tampered with, or is not from where it should be: PHX_PLAN_KEY is set, and the plan is not signed
  hint: do not apply it; make it again where PHX_PLAN_KEY is the right key: phx plan -o bare.phxplan
-- exit --
64
0
0
0
1
1
0
0
1
1
