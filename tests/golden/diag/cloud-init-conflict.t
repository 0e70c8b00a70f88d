Cloud-init data that says what phx writes itself; the data stands in a file.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = 10.0.0.5/24 }
  user ada {}
  user bob { sudo = false }
  cloud_init {
    user_data = "user.yaml"
    network_data = "version: 2\nethernets: {}\n"
    upgrade = false
  }
}
-- file user.yaml --
#cloud-config
hostname: other
package_upgrade: true
users:
- name: bob
- carol
-- stderr --
error[PHX0461]: `hostname` is said twice: by the cloud-init data, and by the guest's name
 --> main.phx:9:17
  |
1 | vm web {
  | ------ phx writes it from this
...
9 |     user_data = "user.yaml"
  |                 ^^^^^^^^^^^
  |
  = note: in the data it stands on line 2 of user.yaml
  = help: say it in one place: take it out of the data, or out of the guest
  = explain: run `phx explain PHX0461`

error[PHX0461]: `package_upgrade` is said twice: by the cloud-init data, and by `cloud_init.upgrade`
  --> main.phx:9:17
   |
 9 |     user_data = "user.yaml"
   |                 ^^^^^^^^^^^
10 |     network_data = "version: 2\nethernets: {}\n"
11 |     upgrade = false
   |     ------- phx writes it from this
   |
   = note: in the data it stands on line 3 of user.yaml
   = help: say it in one place: take it out of the data, or out of the guest

error[PHX0461]: `users` is said twice: by the cloud-init data, and by `user`
 --> main.phx:9:17
  |
7 |   user bob { sudo = false }
  |   -------- phx writes it from this
8 |   cloud_init {
9 |     user_data = "user.yaml"
  |                 ^^^^^^^^^^^
  |
  = note: in the data it stands on line 5 of user.yaml
  = help: say it in one place: take it out of the data, or out of the guest

error[PHX0461]: the addresses are said twice: by `network_data`, and by `network`
  --> main.phx:10:20
   |
 5 |   network { ip = 10.0.0.5/24 }
   |   ------- an address is given here
...
10 |     network_data = "version: 2\nethernets: {}\n"
   |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: with `network_data` leave `ip`, `ip6` and `gw` out: it replaces what Proxmox makes of them

-- exit --
1
