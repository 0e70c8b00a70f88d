Cloud-init data that is no YAML, or holds a password in clear.
-- args --
validate main.phx
-- file main.phx --
defaults vm {
  disk = 8GiB
  storage = "local-lvm"
}
vm a { id = 101; cloud_init { user_data = "#cloud-config\npackages: [a\n" } }
vm b { id = 102; cloud_init { user_data = "#cloud-config\na: 1\na: 2\n" } }
vm c { id = 103; cloud_init { vendor_data = "plain.yaml" } }
vm d { id = 104; cloud_init { user_data = "Content-Type: multipart/mixed\n\n" } }
vm e { id = 105; cloud_init { network_data = "- a\n- b\n" } }
-- file plain.yaml --
users:
- name: x
  plain_text_passwd: hunter2
-- stderr --
error[PHX0460]: `user_data` is no YAML
 --> main.phx:5:43
  |
5 | vm a { id = 101; cloud_init { user_data = "#cloud-config\npackages: [a\n" } }
  |                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: line 3: did not find expected ',' or ']'
  = explain: run `phx explain PHX0460`

error[PHX0460]: `user_data` is no YAML
 --> main.phx:6:43
  |
6 | vm b { id = 102; cloud_init { user_data = "#cloud-config\na: 1\na: 2\n" } }
  |                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: line 3: a key stands twice in one map

error[PHX0462]: the cloud-init data holds a password in clear: `plain_text_passwd`
 --> main.phx:7:45
  |
7 | vm c { id = 103; cloud_init { vendor_data = "plain.yaml" } }
  |                                             ^^^^^^^^^^^^
  |
  = note: it stands on line 3 of plain.yaml, and would lie on the node's storage as it is
  = help: say `user NAME { password = env("…") }` and phx hashes it, or put a hash there: mkpasswd -m sha-512
  = explain: run `phx explain PHX0462`

error[PHX0460]: `user_data` is a MIME message, which phx cannot merge
 --> main.phx:8:43
  |
8 | vm d { id = 104; cloud_init { user_data = "Content-Type: multipart/mixed\n\n" } }
  |                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: give the cloud-config alone; or put the whole message on a storage and name it: `STORAGE:snippets/FILE`

error[PHX0460]: `network_data` is no map of keys and values
 --> main.phx:9:46
  |
9 | vm e { id = 105; cloud_init { network_data = "- a\n- b\n" } }
  |                                              ^^^^^^^^^^^^
  |
  = note: network data is a map with `version`

-- exit --
1
