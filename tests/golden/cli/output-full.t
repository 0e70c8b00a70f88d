What cannot be written to standard output is an error of every command; a trace that cannot be written is one too, and does
not stop the apply.
-- args --
$ for c in "plan --offline main.phx" "plan --offline --json main.phx" "plan --offline --format html main.phx" "plan --offline -o - main.phx" "plan --offline --detailed-exitcode main.phx" "fmt --stdout main.phx" "validate main.phx" "graph main.phx" "features" "explain" "completion bash" "help" "version"; do "$PHX" $c >/dev/full 2>err; echo "$c: $?"; cat err; done
$ "$PHX" version >&-; echo "closed: $?"
$ "$PHX" apply --yes --sim lab --sim-speed 0 --trace /dev/full main.phx 2>err; echo "trace: $?"; grep -c trace err; grep trace err
$ "$PHX" plan --sim lab --detailed-exitcode main.phx; echo "applied: $?"
$ "$PHX" apply --yes --sim lab --sim-speed 0 more.phx >/dev/full 2>err; echo "apply: $?"; grep phx: err
$ "$PHX" plan --sim lab --detailed-exitcode more.phx; echo "applied: $?"
-- file main.phx --
stack "lab"
vm a { id = 100; disk = 1GiB; storage = "local-lvm"; agent { enabled = false }; running = false }
-- file more.phx --
stack "lab"
vm a { id = 100; disk = 1GiB; storage = "local-lvm"; agent { enabled = false }; running = false; memory = 1GiB }
-- stdout --
plan --offline main.phx: 1
phx: cannot write to standard output: No space left on device
plan --offline --json main.phx: 1
phx: cannot write to standard output: No space left on device
plan --offline --format html main.phx: 1
phx: cannot write to standard output: No space left on device
plan --offline -o - main.phx: 1
saved as -, for reading: a plan made without a cluster is not applied
phx: cannot write to standard output: No space left on device
plan --offline --detailed-exitcode main.phx: 1
phx: cannot write to standard output: No space left on device
fmt --stdout main.phx: 1
phx: cannot write to standard output: No space left on device
validate main.phx: 1
phx: cannot write to standard output: No space left on device
graph main.phx: 1
phx: cannot write to standard output: No space left on device
features: 1
phx: cannot write to standard output: No space left on device
explain: 1
phx: cannot write to standard output: No space left on device
completion bash: 1
phx: cannot write to standard output: No space left on device
help: 1
phx: cannot write to standard output: No space left on device
version: 1
phx: cannot write to standard output: No space left on device
closed: 1
Stack lab on cluster pve (http://127.0.0.1:PORT)

+ vm.a  100 on pve  main.phx:2
    create
      agent.enabled   false
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local-lvm

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 3 actions.
About ….
Apply complete: 3 done; 0.0 s
trace: 1
1
phx: cannot write the trace (--trace /dev/full): No space left on device; it ends here
Stack lab on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
applied: 0
apply: 1
phx: cannot write to standard output: No space left on device
Stack lab on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
applied: 0
-- stderr --
phx: cannot write to standard output: Bad file descriptor
