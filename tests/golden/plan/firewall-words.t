Words of firewall options are lower case, as all of the language; Proxmox's own way to write them is taken too.
-- args --
$ "$PHX" plan --offline -v | grep -E "policy|log_level"
-- file main.phx --
stack "f"
cluster c { endpoint = "https://127.0.0.1:8006"; token = secret("unused-token") }
vm a { id = 100; disk = 1GiB; storage = "local-lvm"; firewall { policy_in = drop; policy_out = reject; log_level_in = info } }
container b { id = 101; ostemplate = "local:vztmpl/x.tar.zst"; rootfs = "local-lvm:2"; firewall { policy_in = DROP; policy_out = "ACCEPT" } }
-- stdout --
      firewall.log_level_in  info                   main.phx:3
      firewall.policy_in     DROP                   main.phx:3
      firewall.policy_out    REJECT                 main.phx:3
      firewall.policy_in   DROP                        main.phx:4
      firewall.policy_out  ACCEPT                      main.phx:4
        log_level_in = info
        policy_in = DROP
        policy_out = REJECT
        policy_in = DROP
        policy_out = ACCEPT
