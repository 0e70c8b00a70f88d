A plan without any cluster says what to do.
-- args --
plan main.phx
-- file main.phx --
stack "t"
vm a {
  id = 101
  storage = "local-lvm"
  disk = 8GiB
}
-- stderr --
phx: the configuration names no cluster
  hint: add `cluster NAME { endpoint = "https://HOST:8006"; token = env("PHX_TOKEN") }`, or use --sim DIR (a simulated cluster) or `plan --offline`; as root on a Proxmox VE node none is needed
-- exit --
64
