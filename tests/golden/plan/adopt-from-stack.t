Another stack's guest is taken from it plainly: its tag and mark are replaced in one call, the user's tags and notes stay.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes other.phx 2>/dev/null | tail -1
$ "$PHX" plan --sim sim --adopt vm.y --format json main.phx | grep -E '"(tags|description)":'
plan --sim sim --adopt vm.y main.phx
$ "$PHX" apply --sim sim --sim-speed 0 --yes --adopt vm.y main.phx 2>/dev/null | tail -1
plan --sim sim --detailed-exitcode main.phx
plan --sim sim other.phx
-- file main.phx --
stack "mine"
vm y { id = 100; name = "x"; disk = 4GiB; storage = "local-lvm"; running = false; agent { enabled = false } }
-- file other.phx --
stack "other"
vm x {
  id = 100; disk = 4GiB; storage = "local-lvm"; running = false; agent { enabled = false }
  tags = ["keep"]; notes = "a word"
}
-- stdout --
Apply complete: 3 done; 0.0 s
          "tags": "keep;phx-mine",
          "description": "a word\n<!-- phx:1 stack=mine address=vm.y id=100 slot%3Aroot=scsi0 -->",
Stack mine on cluster pve (http://127.0.0.1:PORT)

~ vm.y  100 on pve  main.phx:2
    adopt: taken from stack other, where it is vm.x: nothing but tag and note is written, in place
      of that stack's
      tags  keep;phx-other → keep;phx-mine  main.phx:2  phx-mine in place of phx-other

Plan: 0 to create, 0 to update, 0 to replace, 0 to delete, 1 to adopt; 3 actions.
About ….
Apply complete: 3 done; 0.0 s
Stack mine on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
Stack other on cluster pve (http://127.0.0.1:PORT)

Plan: 0 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0601]: vm 100 exists and is not of stack `other`
 --> other.phx:3:8
  |
3 |   id = 100; disk = 4GiB; storage = "local-lvm"; running = false; agent { enabled = false }
  |        ^^^
  |
  = note: it is `x` on node `pve`
  = note: it belongs to stack `mine`, as `vm.y`
  = help: to take it over as it is: --adopt vm.x
  = explain: run `phx explain PHX0601`

-- exit --
0
0
0
0
0
1
