A guest that others rely on is not stopped without them. A template never runs. A guest that does not exist cannot be started.
-- args --
$ "$PHX" apply --sim sim --sim-speed 60 --yes --target container.web --target container.base main.phx >apply.log 2>&1
stop --sim sim db main.phx
start --sim sim base main.phx
restart --sim sim late main.phx
delete --sim sim db --yes main.phx
-- file main.phx --
stack "t"
defaults container { storage = "local-lvm"; ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"; memory = 512MiB; cores = 1 }
container base { id = 200; template = true }
container db { id = 201 }
container web { id = 202; depends_on = [container.db] }
container late { id = 203 }
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)
Only a part of the configuration is planned.

- container.db  201 on pve  main.phx:4
    delete: asked for
    ! DATA LOSS
      ! local-lvm:vm-201-disk-0, 4GiB, is destroyed

- container.web  202 on pve  main.phx:5
    delete: it needs container.db, which goes
    ! DATA LOSS
      ! local-lvm:vm-202-disk-0, 4GiB, is destroyed

! DATA LOSS: container.db, container.web
Plan: 0 to create, 0 to update, 0 to replace, 2 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0681]: `container.web` runs and needs `container.db`
 --> main.phx:4:1
  |
4 | container db { id = 201 }
  | ^^^^^^^^^^^^
  |
  = help: --cascade stops it too, in the right order
  = explain: run `phx explain PHX0681`

error[PHX0680]: `container.base` (200) is a template: it cannot run
 --> main.phx:3:1
  |
3 | container base { id = 200; template = true }
  | ^^^^^^^^^^^^^^
  |
  = help: name one of its clones
  = explain: run `phx explain PHX0680`

error[PHX0680]: `container.late` (203) does not exist: there is nothing to restart
 --> main.phx:6:1
  |
6 | container late { id = 203 }
  | ^^^^^^^^^^^^^^
  |
  = help: make it first: phx apply --target container.late
  = explain: run `phx explain PHX0680`

error[PHX0682]: `container.web` (202) needs `container.db`
 --> main.phx:5:1
  |
5 | container web { id = 202; depends_on = [container.db] }
  | ^^^^^^^^^^^^^
  |
  = help: --cascade deletes it too, first
  = explain: run `phx explain PHX0682`

-- exit --
0
1
1
1
1
