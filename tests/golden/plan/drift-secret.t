A password that the configuration changed is not one that somebody changed on the cluster.
-- args --
$ "$PHX" apply --yes --sim lab --sim-speed 0 --set pw=abc-def-ghi main.phx >/dev/null 2>&1
plan --sim lab --set pw=abc-def-xyz main.phx
$ "$PHX" plan --sim lab --set pw=abc-def-xyz --json main.phx | grep -A 9 '"path": "user.password"'
plan --sim lab --set pw=abc-def-xyz --refresh-only main.phx
-- file main.phx --
stack "lab"
param pw: secret<string>
image noble { url = "https://images.test/noble.qcow2"; storage = "local" }
vm a { id = 100; image = image.noble; disk = 4GiB; storage = "local-lvm"; network { ip = dhcp }; user ada { password = pw } }
-- stdout --
Stack lab on cluster pve (http://127.0.0.1:PORT)

~ vm.a  100 on pve  main.phx:4
    update, from its next start on
      user.password  (secret) → (another secret)  main.phx:4
                     from its next start on: the guest sees it at its next start, when cloud-init
                     runs as for a new instance
      marker         old → written                main.phx:4

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 3 actions.
About ….
          "path": "user.password",
          "before": "(secret)",
          "after": "(secret)",
          "sensitive": true,
          "pending": false,
          "impact": "pending",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 4,
No drift. Nothing was changed on the cluster since phx wrote it.
