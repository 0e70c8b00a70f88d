Plans of a form or a phx that this one is not, and one that somebody wrote by hand.
-- args --
$ "$PHX" plan --sim sim -o p.phxplan main.phx >/dev/null
$ sed '/^  "sha256"/,$d; s/"minor": 1/"minor": 7/' p.phxplan | head -c -2 > b && { cat b; printf ',\n  "sha256": "%s"\n}\n' $(sha256sum < b | cut -c1-64); } > newer.phxplan
show newer.phxplan
$ sed '/^  "sha256"/,$d; s/"phx": "[0-9.]*"/"phx": "0.0.1"/' p.phxplan | head -c -2 > b && { cat b; printf ',\n  "sha256": "%s"\n}\n' $(sha256sum < b | cut -c1-64); } > older.phxplan
apply --sim sim older.phxplan
$ "$PHX" show older.phxplan | tail -1
$ sed '/^  "sha256"/,$d; s/"action": "create"/"action": "obliterate"/' p.phxplan | head -c -2 > b && { cat b; printf ',\n  "sha256": "%s"\n}\n' $(sha256sum < b | cut -c1-64); } > odd.phxplan
show odd.phxplan
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
About ….
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
phx: newer.phxplan was made by phx 0.1.0 in form phx-plan/1.7; this is phx 0.1.0, which reads phx-plan/1.1
  hint: use the phx that made it, or make the plan again: phx plan -o newer.phxplan
phx: the plan was made by phx 0.0.1, this is 0.1.0
  hint: another version may plan otherwise; plan again with this one, or apply with that one
phx: odd.phxplan is not a usable plan: changes[0].action: `obliterate` is no value that this phx knows here
  hint: it was not written by phx as it is; make it again: phx plan -o odd.phxplan
-- exit --
0
0
1
0
1
0
0
1
