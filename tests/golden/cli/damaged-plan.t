Damaged plan files are refused.
-- args --
plan --sim sim -o p.phxplan main.phx
$ sed -i 's/"memory"/"memroy"/' p.phxplan
apply --sim sim p.phxplan
show p.phxplan
$ head -c 300 p.phxplan > short.phxplan
apply --sim sim short.phxplan
$ printf '' > empty.phxplan
apply --sim sim empty.phxplan
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
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
phx: p.phxplan is not a usable plan: its checksum does not fit: it was changed after it was written
  hint: make it again: phx plan -o p.phxplan
phx: p.phxplan is not a usable plan: its checksum does not fit: it was changed after it was written
  hint: make it again: phx plan -o p.phxplan
phx: short.phxplan is not a usable plan: it is cut off, or was written by something else
  hint: make it again: phx plan -o short.phxplan
phx: empty.phxplan is not a usable plan: it is cut off, or was written by something else
  hint: make it again: phx plan -o empty.phxplan
-- exit --
0
0
1
1
0
1
0
1
