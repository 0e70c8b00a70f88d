Raw lines, id maps, cards and directories of the node that cannot be.
-- args --
validate main.phx
-- file main.phx --
defaults container {
  ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  storage = "local-lvm"
  unprivileged = true
}
container a {
  id = 101
  gpu = [0, "rtx"]
  idmap = ["x 0 1 2", "u 0 100000 0"]
  lxc {
    "lxc.aparmor.profile" = "unconfined"
    "lxc.rootfs.path" = "/x"
  }
  mount "/a" { source = "/tank/a"; owner = "1000:1000"; mode = 0750 }
  mount "/b" { source = "/tank/b"; owner = "ada" }
  mount "/c" { size = 1GiB; owner = "0" }
}
container b {
  id = 102
  mount "/a" { source = "/tank/a/"; owner = "1000:1001"; mode = 0700 }
  mount "/d" { source = "/tank/a/deep"; owner = 7 }
}
-- stderr --
error[PHX0422]: `rtx` is no number of a card
 --> main.phx:8:13
  |
8 |   gpu = [0, "rtx"]
  |             ^^^^^
  |
  = note: `gpu = [0, 1]` passes the NVIDIA cards /dev/nvidia0 and /dev/nvidia1 through; other devices are `device = "/dev/…"`
  = explain: run `phx explain PHX0422`

error[PHX0464]: this is no id map: it has a kind and three numbers
 --> main.phx:9:12
  |
9 |   idmap = ["x 0 1 2", "u 0 100000 0"]
  |            ^^^^^^^^^
  |
  = note: a map is `"u CONTAINER HOST COUNT"`, with `g` for groups and `b` for both; or `{ "1000" = 1000 }`: that id of the container is that id of the node
  = explain: run `phx explain PHX0464`

error[PHX0464]: this is no id map: it has a kind and three numbers
 --> main.phx:9:23
  |
9 |   idmap = ["x 0 1 2", "u 0 100000 0"]
  |                       ^^^^^^^^^^^^^^
  |
  = note: a map is `"u CONTAINER HOST COUNT"`, with `g` for groups and `b` for both; or `{ "1000" = 1000 }`: that id of the container is that id of the node

error[PHX0463]: Proxmox knows no raw line `lxc.aparmor.profile`
  --> main.phx:11:5
   |
11 |     "lxc.aparmor.profile" = "unconfined"
   |     ^^^^^^^^^^^^^^^^^^^^^
   |
   = note: it would leave such a line out without a word, when it writes the file next
   = help: did you mean `lxc.apparmor.profile`?
   = explain: run `phx explain PHX0463`

error[PHX0463]: Proxmox knows no raw line `lxc.rootfs.path`
  --> main.phx:12:5
   |
12 |     "lxc.rootfs.path" = "/x"
   |     ^^^^^^^^^^^^^^^^^
   |
   = note: it would leave such a line out without a word, when it writes the file next
   = help: did you mean `lxc.rootfs.mount`?

error[PHX0422]: this is no owner: `"1000:1000"`, `1000`, `"www-data"`
  --> main.phx:15:44
   |
15 |   mount "/b" { source = "/tank/b"; owner = "ada" }
   |                                            ^^^^^
   |
   = note: ids are the container's own. Of names, which only the container knows, those may stand here that every Debian has with the same number: root, www-data, nobody, …

error[PHX0422]: `owner` and `mode` are those of a directory of the node: `source = "/path"`
  --> main.phx:16:37
   |
16 |   mount "/c" { size = 1GiB; owner = "0" }
   |                                     ^^^

error[PHX0465]: `/tank/a` is to have two owners or modes
  --> main.phx:20:3
   |
14 |   mount "/a" { source = "/tank/a"; owner = "1000:1000"; mode = 0750 }
   |   ---------- the other one
...
20 |   mount "/a" { source = "/tank/a/"; owner = "1000:1001"; mode = 0700 }
   |   ^^^^^^^^^^
   |
   = note: `container.a`: 101000:101000, mode 0750 (ids of the node)
   = note: `container.b`: 101000:101001, mode 0700 (ids of the node)
   = help: say `owner` and `mode` of a shared directory in one place, or the same in both
   = explain: run `phx explain PHX0465`

warning[PHX0466]: `/tank/a/deep` lies in `/tank/a`, which its owner may not enter
  --> main.phx:21:3
   |
14 |   mount "/a" { source = "/tank/a"; owner = "1000:1000"; mode = 0750 }
   |   ---------- the upper one
...
21 |   mount "/d" { source = "/tank/a/deep"; owner = 7 }
   |   ^^^^^^^^^^
   |
   = note: `container.a`: 101000:101000, mode 0750 (ids of the node)
   = note: `container.b`: 100007 (ids of the node)
   = explain: run `phx explain PHX0466`

-- exit --
1
