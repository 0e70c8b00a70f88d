A plan made with one secret is not applied with another; the token may be another one.
-- args --
$ PASSWORD=one-secret TOKEN=root@pam!a=11 "$PHX" plan --sim sim -o p.phxplan main.phx >/dev/null
$ grep -A3 '"name": "[A-Z]*"' p.phxplan | grep -v PASSWORD
$ PASSWORD=another-secret TOKEN=root@pam!b=22 "$PHX" apply --sim sim p.phxplan
$ PASSWORD=one-secret TOKEN=root@pam!b=22 "$PHX" apply --sim sim p.phxplan 2>/dev/null | tail -1
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = env("TOKEN") }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  options { password = env("PASSWORD") }
  network { bridge = "vmbr0"; ip = dhcp }
}
-- stdout --
      "hash": "34266eb01a3351bf0fb4cbecbcdad56d",
      "credential": false
    },
--
      "name": "TOKEN",
      "hash": null,
      "credential": true
    }
Apply complete: 5 done; 0.0 s
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
phx: the saved plan is stale:
  env("PASSWORD") has another value now
  hint: plan again, and review what it says now
-- exit --
0
0
4
0
