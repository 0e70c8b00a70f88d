What Proxmox notes itself, and how a backup is restored, is no option of a guest: a lock that is set refuses all later plans.
-- args --
validate main.phx
-- file main.phx --
vm a {
  id = 100; disk = 1GiB; storage = "local-lvm"
  options {
    lock = "backup"
    unused0 = "local-lvm:vm-100-disk-3"
    archive = "local:backup/x.vma.zst"
  }
}
container c {
  id = 101; storage = "local-lvm"; ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  options { lock = "backup"; restore = true }
}
-- stderr --
error[PHX0318]: `lock` is no option of a guest
 --> main.phx:4:5
  |
4 |     lock = "backup"
  |     ^^^^
  |
  = note: it is Proxmox's note of what works on the guest; while it is set, Proxmox refuses every change, and no API token can take it off
  = explain: run `phx explain PHX0318`

error[PHX0318]: `unused0` is no option of a guest
 --> main.phx:5:5
  |
5 |     unused0 = "local-lvm:vm-100-disk-3"
  |     ^^^^^^^
  |
  = note: it is where Proxmox notes volumes that were detached; a disk is declared with its slot

error[PHX0318]: `archive` is no option of a guest
 --> main.phx:6:5
  |
6 |     archive = "local:backup/x.vma.zst"
  |     ^^^^^^^
  |
  = note: it says how a backup is restored, and phx makes guests of images, templates and clones: restore it by hand, then take it over with --adopt

error[PHX0318]: `lock` is no option of a guest
  --> main.phx:11:13
   |
11 |   options { lock = "backup"; restore = true }
   |             ^^^^
   |
   = note: it is Proxmox's note of what works on the guest; while it is set, Proxmox refuses every change, and no API token can take it off

error[PHX0318]: `restore` is no option of a guest
  --> main.phx:11:30
   |
11 |   options { lock = "backup"; restore = true }
   |                              ^^^^^^^
   |
   = note: it says how a backup is restored, and phx makes guests of images, templates and clones: restore it by hand, then take it over with --adopt

-- exit --
1
