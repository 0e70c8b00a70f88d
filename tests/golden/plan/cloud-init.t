Cloud-init documents are written before the guest is made; changed data is a new document, in place; a guest that goes takes its
documents along.
-- args --
$ "$PHX" plan --sim sim --verbose main.phx | sed "s/digest = .*/digest = …/"
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
plan --sim sim main.phx
$ sed -i 's/htop/btop/' main.phx
$ "$PHX" plan --sim sim --verbose main.phx | sed "s/digest = .*/digest = …/"
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
plan --sim sim main.phx
$ printf 'stack "t"\n' >main.phx
plan --sim sim --verbose --allow-destroy vm.web main.phx
-- file main.phx --
stack "t"
image noble { url = "https://example.com/noble.img"; storage = "local" }
vm web {
  id = 101
  image = image.noble
  storage = "local-lvm"
  disk = 8GiB
  network { ip = 10.0.0.5/24; gw = 10.0.0.1 }
  user ada { ssh_keys = ["ssh-ed25519 AAAA ada"] }
  cloud_init { user_data = "#cloud-config\npackages: [htop]\n" }
}
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

+ image.noble on pve  main.phx:2
    create
      url     https://example.com/noble.img    main.phx:2
      volume  local:import/noble.qcow2 on pve  main.phx:2

+ vm.web  101 on pve  main.phx:3
    create of image.noble
      agent.enabled         true                                         main.phx:3
      options.boot          order=scsi0                                  main.phx:3
      options.scsihw        virtio-scsi-single                           main.phx:3
      cloud_init.user_data  local:snippets/t-101-user-50714efedded.yaml  main.phx:3
      cores                 1 (Proxmox's default)                        main.phx:3
      disk.root             8GiB on local-lvm                            main.phx:7
      network               vmbr0, 10.0.0.5/24 via 10.0.0.1              main.phx:8

Actions:
  a1 stack: take the lock of stack t
      POST /pools
        poolid = phx-lock-t
        comment = (who and when)
  a2 image.noble: download local:import/noble.qcow2 on pve  after a1
      POST /nodes/pve/storage/local/download-url
        content = import
        filename = noble.qcow2
        url = https://example.com/noble.img
  a3 vm.web: write user data of 101 to local:snippets/t-101-user-50714efedded.yaml  after a2
      /bin/sh -s -- write local:snippets/t-101-user-50714efedded.yaml 50714efeddedf255632c554769ac54a0844baf9317b7edc86addbf5727924459
        standard input = (3707 bytes)
  a4 vm.web: create vm 101 of image.noble  after a2 a3
      POST /nodes/pve/qemu
        vmid = 101
        name = web
        description = <!-- phx:1 stack=t address=vm.web id=101 building set=agent.enabled~72ae~cloud_init~047c~cloud_init.upgrade~1cd9~disk.root~6638~name~b348~network~e8c0~options.boot~e9fd~options.scsihw~49ed~user~1cd9~user.ssh_keys~1cd9 -->
        tags = phx-t
        agent = enabled=1
        boot = order=scsi0
        scsihw = virtio-scsi-single
        cicustom = user=local:snippets/t-101-user-50714efedded.yaml
        ide2 = local-lvm:cloudinit
        scsi0 = local-lvm:0,import-from=local:import/noble.qcow2
        net0 = virtio=02:5F:1E:80:26:C1,bridge=vmbr0
        ipconfig0 = ip=10.0.0.5/24,gw=10.0.0.1
  a5 vm.web: resize scsi0 of 101 to 8G  after a4
      PUT /nodes/pve/qemu/101/resize
        disk = scsi0
        size = 8G
  a6 vm.web: start 101  after a5
      POST /nodes/pve/qemu/101/status/start
  a7 vm.web: wait for the guest agent of 101  after a6
  a8 vm.web: wait for cloud-init of 101  after a7
  a9 vm.web: note that 101 is complete  after a8
      PUT /nodes/pve/qemu/101/config
        description = <!-- phx:1 stack=t address=vm.web id=101 set=agent.enabled~72ae~cloud_init~047c~cloud_init.upgrade~1cd9~disk.root~6638~name~b348~network~e8c0~options.boot~e9fd~options.scsihw~49ed~user~1cd9~user.ssh_keys~1cd9 -->
  a10 stack: give the lock of stack t back  after a9
      DELETE /pools/phx-lock-t

Plan: 2 to create, 0 to update, 0 to replace, 0 to delete; 10 actions.
About …; longest chain: image.noble → vm.web.
Promised to guests              before        after     there is
  pve memory                   0.0 GiB      0.5 GiB    128.0 GiB
  pve processors                     0            1           32
  pve local-lvm                0.0 GiB      8.0 GiB    800.0 GiB
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.web  101 on pve  main.phx:3
    update, from its next start on
      cloud_init.user_data  local:snippets/t-101-user-50714efedded.yaml →
                            local:snippets/t-101-user-325f8509dcda.yaml  main.phx:3
                            from its next start on: the guest sees it at its next start, when
                            cloud-init runs as for a new instance

Actions:
  a1 stack: take the lock of stack t
      POST /pools
        poolid = phx-lock-t
        comment = (who and when)
  a2 vm.web: write user data of 101 to local:snippets/t-101-user-325f8509dcda.yaml  after a1
      /bin/sh -s -- write local:snippets/t-101-user-325f8509dcda.yaml 325f8509dcdaa4aa966bab5923f869d403ef73687109019bc0b7116c8a9ad405
        standard input = (3707 bytes)
  a3 vm.web: configure 101  after a2
      PUT /nodes/pve/qemu/101/config
        cicustom = user=local:snippets/t-101-user-325f8509dcda.yaml
        description = <!-- phx:1 stack=t address=vm.web id=101 set=agent.enabled~72ae~cloud_init~7da8~cloud_init.upgrade~1cd9~disk.root~6638~name~b348~network~e8c0~options.boot~e9fd~options.scsihw~49ed~user~1cd9~user.ssh_keys~1cd9 -->
        digest = …
  a4 vm.web: make the cloud-init drive of 101 anew  after a3
      PUT /nodes/pve/qemu/101/cloudinit
  a5 vm.web: remove old cloud-init data of 101 from local  after a4
      /bin/sh -s -- clean local t-101- t-101-user-325f8509dcda.yaml
        standard input = (2169 bytes)
  a6 stack: give the lock of stack t back  after a5
      DELETE /pools/phx-lock-t

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 6 actions.
About ….
Promised to guests              before        after     there is
  pve memory                   0.5 GiB      0.5 GiB    128.0 GiB
  pve processors                     1            1           32
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
Stack t on cluster pve (http://127.0.0.1:PORT)

- vm.web  101 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-101-cloudinit is destroyed
      ! local-lvm:vm-101-disk-0, 8GiB, is destroyed

Actions:
  a1 stack: take the lock of stack t
      POST /pools
        poolid = phx-lock-t
        comment = (who and when)
  a2 vm.web: shut down 101  after a1
      POST /nodes/pve/qemu/101/status/shutdown
        timeout = 180
        forceStop = 1
  a3 vm.web: delete vm 101  after a2
      DELETE /nodes/pve/qemu/101
        purge = 1
        destroy-unreferenced-disks = 0
  a4 vm.web: remove the cloud-init data of 101 from local  after a3
      /bin/sh -s -- clean local t-101-
        standard input = (2169 bytes)
  a5 stack: give the lock of stack t back  after a4
      DELETE /pools/phx-lock-t

! DATA LOSS: vm.web
Plan: 0 to create, 0 to update, 0 to replace, 1 to delete; 5 actions.
About ….
Promised to guests              before        after     there is
  pve memory                   0.5 GiB      0.0 GiB    128.0 GiB
  pve processors                     1            0           32
  pve local-lvm                0.4 GiB      0.0 GiB    800.0 GiB
