With colour, no word is another; NO_COLOR is heeded where nobody asks for colour.
-- args --
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
$ sed -i 's/512MiB/1GiB\n  nesting = true/' main.phx
$ "$PHX" plan --inventory inv.json --color always main.phx | sed 's/\x1b/ESC/g'
$ "$PHX" plan --inventory inv.json --color always main.phx | sed 's/\x1b\[[0-9;]*m//g' >bare; "$PHX" plan --inventory inv.json --color never main.phx | cmp - bare && echo the same words
$ NO_COLOR=1 "$PHX" plan --inventory inv.json main.phx | grep -c $(printf '\033')
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
Stack t on cluster pve

ESC[33m~ container.aESC[0m  101 on pveESC[2m  main.phx:3ESC[0m
    update
    ESC[1;31m! RESTART: the guest is restarted for thisESC[0m
      nesting  false → true   ESC[2mmain.phx:6ESC[0m
               ESC[1;31mRESTART: Proxmox cannot change features like this while the guest runsESC[0m
      memory   512MiB → 1GiB  ESC[2mmain.phx:5ESC[0m

ESC[1;31m! RESTART:ESC[0m container.a
ESC[1mPlan: 0 to create, 1 to update (1 restart), 0 to replace, 0 to delete; 5 actions.ESC[0m
About …; container.a is down for about ….
the same words
0
-- exit --
0
0
0
0
0
1
