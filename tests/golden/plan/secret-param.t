The value of a secret param is not in the plan: it is given again.
-- args --
plan --sim sim --set word=the-secret-word --set mem=1GiB -o p.phxplan main.phx
$ grep -c the-secret-word p.phxplan
apply --sim sim p.phxplan
apply --sim sim --set word=another-word p.phxplan
$ "$PHX" apply --sim sim --set word=the-secret-word p.phxplan 2>/dev/null | tail -1
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
param word: secret<string>
param mem: size = 512MiB
container a {
  id = 101
  memory = mem
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  options { password = word }
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ container.a  101 on pve  main.phx:5
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory            1GiB
      options.password  (secret)
      rootfs            4GiB on local-lvm
      network           vmbr0, dhcp

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
0
Apply complete: 5 done; 0.0 s
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
phx: the plan was made with a secret value for `word`, which it does not hold
  hint: give it again: --set word=…
phx: the saved plan is stale:
  a value given by --set was changed since
  hint: plan again, and review what it says now
-- exit --
0
1
64
4
0
