Options of plan that contradict each other.
-- args --
plan --offline --sim lab main.phx
plan --offline --inventory nosuch main.phx
plan --offline --cluster nope main.phx
plan --inventory nosuch --sim lab main.phx
$ ls
-- file main.phx --
stack "lab"
-- stdout --
main.phx
-- stderr --
phx: `--offline` and `--sim` exclude each other
  hint: --offline asks no cluster, a simulated one neither
phx: `--offline` and `--inventory` exclude each other
  hint: --inventory alone asks no cluster either
phx: `--offline` and `--cluster` exclude each other
  hint: --offline asks no cluster
phx: `--inventory` and `--sim` exclude each other
  hint: the first plans against the record, the second against a cluster
-- exit --
64
64
64
64
0
