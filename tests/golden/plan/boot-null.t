Without a word of the configuration a VM keeps the boot order that Proxmox made with it: it would boot from nothing.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx 2>/dev/null | tail -1
plan --sim sim main.phx
$ sed -i 's/boot = null/boot = "order=scsi0"/' main.phx
plan --sim sim main.phx
-- file main.phx --
stack "t"
image i { url = "https://e.com/d.qcow2"; storage = "local" }
vm a { id = 100; image = image.i; disk = 4GiB; storage = "local-lvm"; network { ip = dhcp }; options { boot = null } }
vm t { id = 101; image = image.i; disk = 4GiB; storage = "local-lvm"; template = true }
vm c { id = 102; clone = vm.t; options { boot = null } }
-- stdout --
Apply complete: 18 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 3 resources are as declared.
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.a  100 on pve  main.phx:3
    update
    ! RESTART: the guest is restarted for this
      options.boot.order  scsi0;ide2;net0 → scsi0  main.phx:3
                          RESTART: Proxmox cannot change boot like this while the guest runs

! RESTART: vm.a
Plan: 0 to create, 1 to update (1 restart), 0 to replace, 0 to delete; 6 actions.
About …; vm.a is down for about ….
