Two saved plans: what appeared, vanished and differs.
-- args --
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
$ "$PHX" plan --inventory inv.json -o a.phxplan main.phx >/dev/null
$ sed -i 's/512MiB/1GiB/' main.phx && "$PHX" plan --inventory inv.json -o b.phxplan main.phx >/dev/null
$ sed -i 's/1GiB/2GiB/; s/unprivileged = true/&\n  nesting = true/' main.phx && printf 'pool p {}\n' >>main.phx && "$PHX" plan --inventory inv.json -o c.phxplan main.phx >/dev/null
$ echo '== text'
diff a.phxplan a.phxplan
diff a.phxplan b.phxplan
diff b.phxplan c.phxplan
diff --format json c.phxplan b.phxplan
diff a.phxplan
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
-- stdout --
== text
Both plans do the same: 0 changes.
+ container.a: only the second would update
  input main.phx differs
Changes: 1 appeared, 0 vanished, 0 differ.
~ container.a: first update; second update, RESTART
      memory  first: 512MiB → 1GiB  second: 512MiB → 2GiB
      nesting  first: not changed  second: false → true (RESTART)
+ pool.p: only the second would create
  input main.phx differs
Changes: 1 appeared, 0 vanished, 1 differ.
{
  "format": "phx-plan-diff/1",
  "same": false,
  "same_stack": true,
  "same_cluster": true,
  "changes": [
    {
      "address": "pool.p",
      "first": {
        "action": "create",
        "impact": "none",
        "restart": false,
        "reason": ""
      },
      "second": null,
      "attributes": [],
      "calls_differ": false
    },
    {
      "address": "container.a",
      "first": {
        "action": "update",
        "impact": "restart",
        "restart": true,
        "reason": ""
      },
      "second": {
        "action": "update",
        "impact": "live",
        "restart": false,
        "reason": ""
      },
      "attributes": [
        {
          "path": "nesting",
          "first": {
            "before": "false",
            "after": "true",
            "impact": "restart"
          },
          "second": null
        },
        {
          "path": "memory",
          "first": {
            "before": "512MiB",
            "after": "2GiB",
            "impact": "live"
          },
          "second": {
            "before": "512MiB",
            "after": "1GiB",
            "impact": "live"
          }
        }
      ],
      "calls_differ": true
    }
  ],
  "inputs": [
    {
      "path": "main.phx",
      "how": "differs"
    }
  ]
}
-- stderr --
saved as a.phxplan: `phx apply a.phxplan` does exactly this
saved as b.phxplan: `phx apply b.phxplan` does exactly this
saved as c.phxplan: `phx apply c.phxplan` does exactly this
phx: expected two saved plans: `phx diff A B`
-- exit --
0
0
0
0
0
0
0
2
2
2
64
