Endpoints and fingerprints that cannot be used.
-- args --
validate main.phx
-- file main.phx --
stack "t"
cluster a { endpoint = "ftp://pve.lan"; fingerprint = "zz" }
cluster b { endpoint = "https://root@pve.lan:8006" }
cluster c { endpoint = "http://10.0.0.1:8006" }
cluster d { endpoint = "https://pve.lan:8006/api2/json/" }
-- stderr --
error[PHX0467]: endpoint `ftp://pve.lan`: is no https:// address
 --> main.phx:2:24
  |
2 | cluster a { endpoint = "ftp://pve.lan"; fingerprint = "zz" }
  |                        ^^^^^^^^^^^^^^^
  |
  = help: write https://HOST:8006
  = explain: run `phx explain PHX0467`

error[PHX0467]: fingerprint `zz` is not a SHA-256 fingerprint
 --> main.phx:2:55
  |
2 | cluster a { endpoint = "ftp://pve.lan"; fingerprint = "zz" }
  |                                                       ^^^^
  |
  = help: 32 bytes in hex, AB:CD:…, as `pvenode cert info` prints it on the node

error[PHX0467]: endpoint `https://root@pve.lan:8006`: has a user name in it; credentials are given by `token`, or `user` and `password`
 --> main.phx:3:24
  |
3 | cluster b { endpoint = "https://root@pve.lan:8006" }
  |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write https://HOST:8006

error[PHX0467]: endpoint `http://10.0.0.1:8006`: without TLS only loopback addresses are allowed
 --> main.phx:4:24
  |
4 | cluster c { endpoint = "http://10.0.0.1:8006" }
  |                        ^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: the credentials would cross the network readable by all: write https://10.0.0.1:8006

-- exit --
1
