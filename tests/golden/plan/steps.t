What is done inside guests: when it is made, when nothing changed, when a script changed, when a declaration goes.
-- args --
plan --sim sim main.phx
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx >/dev/null 2>&1
plan --sim sim main.phx
$ echo 'echo other' >own.sh
plan --sim sim main.phx
$ sed -i '/nfs/d; /motd/d' main.phx
plan --sim sim main.phx
plan --sim sim --rerun feature.own --rerun vm.b/script.app main.phx
plan --sim sim --rerun feature.won main.phx
-- file own.sh --
echo own
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
feature own { script = "own.sh" }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
  features = [feature.own]
  file "/etc/motd" { content = "hello\n" }
}
image noble {
  url     = "https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img"
  storage = "local"
}
vm b {
  id = 102
  image = image.noble
  cores = 1; memory = 512MiB; storage = "local-lvm"; disk = 8GiB
  network { ip = 10.0.0.8/24; gw = 10.0.0.1 }
  features = [feature.own]
  nfs "/mnt/x" { source = "10.0.0.1:/x" }
  script app { content = "echo app" }
  health { command = ["systemctl", "is-active", "app"]; retries = 2; interval = 1s }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ image.noble on pve  main.phx:13
    create
      url     https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img
      volume  local:import/noble-server-cloudimg-amd64.qcow2 on pve

+ container.a  101 on pve  main.phx:4
    create of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst
      memory   512MiB
      rootfs   4GiB on local-lvm
      network  vmbr0, 10.0.0.9/24 via 10.0.0.1
      · inside, by `pct exec` on pve: file /etc/motd, feature own

+ vm.b  102 on pve  main.phx:17
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      cores           1
      memory          512MiB
      options.scsihw  virtio-scsi-single
      disk.root       8GiB on local-lvm
      network         vmbr0, 10.0.0.8/24 via 10.0.0.1
      · the guest agent is installed at the first start if the image has none:
        local:snippets/phx-agent-65c549f8ac78.yaml
      · inside, by the guest agent: nfs /mnt/x, feature own, script app, health

Plan: 3 to create, 0 to update, 0 to replace, 0 to delete; 20 actions.
About …; longest chain: image.noble → vm.b.
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 2 resources are as declared.
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:4
    update
      feature.own  bfe8b91abec5 → b4b14279ca8e  main.phx:10  script changed
      · inside, by `pct exec` on pve: feature own

~ vm.b  102 on pve  main.phx:17
    update
      feature.own  bfe8b91abec5 → b4b14279ca8e  main.phx:22  script changed
      · inside, by the guest agent: feature own

Plan: 0 to create, 2 to update, 0 to replace, 0 to delete; 7 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:4
    update
      file./etc/motd  in place → (none)            main.phx:4
                      no longer declared: it stays in the guest, and phx forgets it
      feature.own     bfe8b91abec5 → b4b14279ca8e  main.phx:10  script changed
      · inside, by `pct exec` on pve: feature own

~ vm.b  102 on pve  main.phx:16
    update
      nfs./mnt/x   ee2634f2520b → (none)        main.phx:16
                   no longer declared: unmounted, and its line in /etc/fstab goes
      feature.own  bfe8b91abec5 → b4b14279ca8e  main.phx:21  script changed
      · inside, by the guest agent: take away nfs /mnt/x, feature own

Plan: 0 to create, 2 to update, 0 to replace, 0 to delete; 8 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:4
    update
      file./etc/motd  in place → (none)            main.phx:4
                      no longer declared: it stays in the guest, and phx forgets it
      feature.own     bfe8b91abec5 → b4b14279ca8e  main.phx:10  script changed
      · inside, by `pct exec` on pve: feature own

~ vm.b  102 on pve  main.phx:16
    update
      nfs./mnt/x   ee2634f2520b → (none)        main.phx:16
                   no longer declared: unmounted, and its line in /etc/fstab goes
      feature.own  bfe8b91abec5 → b4b14279ca8e  main.phx:21  script changed
      script.app   a73dba4b27ac → a73dba4b27ac  main.phx:22  --rerun
      · inside, by the guest agent: take away nfs /mnt/x, feature own, script app

Plan: 0 to create, 2 to update, 0 to replace, 0 to delete; 9 actions.
About ….
Stack t on cluster pve (http://127.0.0.1:PORT)

~ container.a  101 on pve  main.phx:4
    update
      file./etc/motd  in place → (none)            main.phx:4
                      no longer declared: it stays in the guest, and phx forgets it
      feature.own     bfe8b91abec5 → b4b14279ca8e  main.phx:10  script changed

~ vm.b  102 on pve  main.phx:16
    update
      nfs./mnt/x   ee2634f2520b → (none)        main.phx:16
                   no longer declared: unmounted, and its line in /etc/fstab goes
      feature.own  bfe8b91abec5 → b4b14279ca8e  main.phx:21  script changed

Plan: 0 to create, 2 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0645]: `--rerun feature.won`: no guest has such a step
  = help: name a step as the plan does: feature.docker, script.app, or that of one guest alone: vm.web/feature.docker
  = explain: run `phx explain PHX0645`

-- exit --
0
0
0
0
0
0
0
0
1
