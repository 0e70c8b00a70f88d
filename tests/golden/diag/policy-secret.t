A secret in a policy stays one: in its message, in the values that are shown, and where it would decide what is checked.
-- args --
plan --offline main.phx
plan --offline decides.phx
-- env --
PASSWORD=hunter2-canary
-- file main.phx --
stack "t"
vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local"; user admin { password = env("PASSWORD") } }
policy weak {
  for g in guests() {
    assert g.user.password == "something", "the password of ${g.address} is ${g.user.password}"
  }
}
-- file decides.phx --
stack "t"
vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local"; user admin { password = env("PASSWORD") } }
policy weak {
  for g in guests() {
    if g.user.password == "hunter2-canary" { assert false }
  }
}
-- stdout --
Stack t, planned without a cluster: everything is new

+ vm.web  101 on {node}  main.phx:2
    create
      user.password   (secret)
      user            admin
      memory          8GiB
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local

Policies
  weak  DENIES the plan  main.phx:3
    the password of vm.web is (secret)  main.phx:2

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete. Denied by a policy: nothing will be done.
About ….
Stack t, planned without a cluster: everything is new

+ vm.web  101 on {node}  decides.phx:2
    create
      user.password   (secret)
      user            admin
      memory          8GiB
      options.scsihw  virtio-scsi-single
      cores           1 (Proxmox's default)
      disk.root       1GiB on local

Policies
  weak  COULD NOT BE EVALUATED  decides.phx:3

Plan: 1 to create, 0 to update, 0 to replace, 0 to delete; 5 actions.
About ….
-- stderr --
error[PHX0650]: policy `weak` denies: the password of vm.web is (secret)
 --> main.phx:5:12
  |
2 | vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local"; user admin { password = env("PASSWORD") } }
  | ------ vm.web
...
5 |     assert g.user.password == "something", "the password of ${g.address} is ${g.user.password}"
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is false
  |
  = note: `g.user.password` is (secret)
  = explain: run `phx explain PHX0650`

error[PHX0217]: a secret may not decide a condition
 --> decides.phx:5:8
  |
5 |     if g.user.password == "(secret)" { assert false }
  |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: what exists is shown in every plan, and would give the secret away
  = explain: run `phx explain PHX0217`

-- exit --
3
1
