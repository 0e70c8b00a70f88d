A clone on another node: made there at once when both nodes see the storage, else made here and migrated; a linked one only with the
former. Applied, and planned again.
-- args --
plan --sim sim --verbose main.phx
$ "$PHX" apply --sim sim --sim-speed 50 --yes main.phx 2>/dev/null | tail -n 1 | sed 's/; .*//'
plan --sim sim main.phx
$ mkdir other && cp sim/cluster.json other && "$PHX" plan --sim other linked.phx
-- file sim/cluster.json --
{"nodes": [{"name": "pve"}, {"name": "pve2"}],
 "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"},
              {"storage": "nas", "type": "nfs", "content": "images,rootdir", "size": "100G", "shared": true}]}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
image noble { url = "https://images.test/noble.qcow2"; storage = "local" }
vm here { id = 100; template = true; image = image.noble; storage = "local"; disk = 4GiB; memory = 1GiB; cores = 1 }
vm shared { id = 101; template = true; image = image.noble; storage = "nas"; disk = 4GiB; memory = 1GiB; cores = 1 }
vm far { id = 102; node = "pve2"; clone = vm.here; running = false }
vm near { id = 103; node = "pve2"; clone = vm.shared; running = false }
-- file linked.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
image noble { url = "https://images.test/noble.qcow2"; storage = "local" }
vm here { id = 100; template = true; image = image.noble; storage = "local"; disk = 4GiB; memory = 1GiB; cores = 1 }
vm shared { id = 101; template = true; image = image.noble; storage = "nas"; disk = 4GiB; memory = 1GiB; cores = 1 }
vm far { id = 102; node = "pve2"; clone = vm.here; full = false; running = false }
vm near { id = 103; node = "pve2"; clone = vm.shared; full = false; running = false }
-- stdout --
Stack t on cluster lab (http://127.0.0.1:PORT)

+ image.noble on pve  main.phx:3
    create
      url     https://images.test/noble.qcow2  main.phx:3
      volume  local:import/noble.qcow2 on pve  main.phx:3

+ vm.here  100 on pve  main.phx:4
    create of image.noble
      agent.enabled   true                main.phx:4
      options.boot    order=scsi0         main.phx:4
      cores           1                   main.phx:4
      memory          1GiB                main.phx:4
      options.scsihw  virtio-scsi-single  main.phx:4
      disk.root       4GiB on local       main.phx:4
      · the image must bring the guest agent: without a cloud-init drive phx cannot install it

+ vm.shared  101 on pve  main.phx:5
    create of image.noble
      agent.enabled   true                main.phx:5
      options.boot    order=scsi0         main.phx:5
      cores           1                   main.phx:5
      memory          1GiB                main.phx:5
      options.scsihw  virtio-scsi-single  main.phx:5
      disk.root       4GiB on nas         main.phx:5
      · the image must bring the guest agent: without a cloud-init drive phx cannot install it

+ vm.far  102 on pve2  main.phx:6
    create clone of vm.here

+ vm.near  103 on pve2  main.phx:7
    create clone of vm.shared

Actions:
  a1 stack: take the lock of stack t
      POST /pools
        poolid = phx-lock-t
        comment = (who and when)
  a2 image.noble: download local:import/noble.qcow2 on pve  after a1
      POST /nodes/pve/storage/local/download-url
        content = import
        filename = noble.qcow2
        url = https://images.test/noble.qcow2
  a3 vm.here: create vm 100 of image.noble  after a2
      POST /nodes/pve/qemu
        vmid = 100
        name = here
        description = <!-- phx:1 stack=t address=vm.here id=100 spec=44d23f7c3877e617 set=agent.enabled~72ae~cores~9310~disk.root~afac~memory~6ade~name~44f0~node~0c6a~options.boot~e9fd~options.scsihw~49ed -->
        tags = phx-t
        agent = enabled=1
        boot = order=scsi0
        cores = 1
        memory = 1024
        scsihw = virtio-scsi-single
        scsi0 = local:0,import-from=local:import/noble.qcow2
  a4 vm.here: resize scsi0 of 100 to 4G  after a3
      PUT /nodes/pve/qemu/100/resize
        disk = scsi0
        size = 4G
  a5 vm.here: convert 100 to a template  after a4
      POST /nodes/pve/qemu/100/template
  a6 vm.shared: create vm 101 of image.noble  after a2
      POST /nodes/pve/qemu
        vmid = 101
        name = shared
        description = <!-- phx:1 stack=t address=vm.shared id=101 spec=44d23f7c3877e617 set=agent.enabled~72ae~cores~9310~disk.root~a503~memory~6ade~name~e02c~node~0c6a~options.boot~e9fd~options.scsihw~49ed -->
        tags = phx-t
        agent = enabled=1
        boot = order=scsi0
        cores = 1
        memory = 1024
        scsihw = virtio-scsi-single
        scsi0 = nas:0,import-from=local:import/noble.qcow2
  a7 vm.shared: resize scsi0 of 101 to 4G  after a6
      PUT /nodes/pve/qemu/101/resize
        disk = scsi0
        size = 4G
  a8 vm.shared: convert 101 to a template  after a7
      POST /nodes/pve/qemu/101/template
  a9 vm.far: clone vm 100 (full) to 102  after a5
      POST /nodes/pve/qemu/100/clone
        newid = 102
        name = far
        full = 1
        description = <!-- phx:1 stack=t address=vm.far id=102 building set=name~a516~node~e7f2~running~9da3 -->
  a10 vm.far: migrate 102 to pve2  after a9
      POST /nodes/pve/qemu/102/migrate
        target = pve2
        with-local-disks = 1
  a11 vm.far: configure 102  after a10
      PUT /nodes/pve2/qemu/102/config
        description = <!-- phx:1 stack=t address=vm.far id=102 set=name~a516~node~e7f2~running~9da3 -->
        tags = phx-t
  a12 vm.near: clone vm 101 (full) to 103  after a8
      POST /nodes/pve/qemu/101/clone
        newid = 103
        name = near
        full = 1
        target = pve2
        description = <!-- phx:1 stack=t address=vm.near id=103 building set=name~03fc~node~e7f2~running~9da3 -->
  a13 vm.near: configure 103  after a12
      PUT /nodes/pve2/qemu/103/config
        description = <!-- phx:1 stack=t address=vm.near id=103 set=name~03fc~node~e7f2~running~9da3 -->
        tags = phx-t
  a14 stack: give the lock of stack t back  after a11 a13
      DELETE /pools/phx-lock-t

Plan: 5 to create, 0 to update, 0 to replace, 0 to delete; 14 actions.
About …; longest chain: image.noble → vm.here → vm.far.
Promised to guests              before        after     there is
  pve memory                   0.0 GiB      0.0 GiB     64.0 GiB
  pve processors                     0            0           16
  pve local                    0.0 GiB      4.0 GiB    100.0 GiB
  pve nas                      0.0 GiB      8.0 GiB    100.0 GiB
  pve2 memory                  0.0 GiB      0.0 GiB     64.0 GiB
  pve2 processors                    0            0           16
  pve2 local                   0.0 GiB      4.0 GiB    100.0 GiB
Apply complete: 14 done
Stack t on cluster lab (http://127.0.0.1:PORT)

No changes. 4 resources are as declared.
Stack t on cluster lab (http://127.0.0.1:PORT)

+ image.noble on pve  linked.phx:3
    create
      url     https://images.test/noble.qcow2
      volume  local:import/noble.qcow2 on pve

+ vm.here  100 on pve  linked.phx:4
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      cores           1
      memory          1GiB
      options.scsihw  virtio-scsi-single
      disk.root       4GiB on local
      · the image must bring the guest agent: without a cloud-init drive phx cannot install it

+ vm.shared  101 on pve  linked.phx:5
    create of image.noble
      agent.enabled   true
      options.boot    order=scsi0
      cores           1
      memory          1GiB
      options.scsihw  virtio-scsi-single
      disk.root       4GiB on nas
      · the image must bring the guest agent: without a cloud-init drive phx cannot install it

+ vm.far  102 on pve2  linked.phx:6
    create linked clone of vm.here

+ vm.near  103 on pve2  linked.phx:7
    create linked clone of vm.shared

Plan: 5 to create, 0 to update, 0 to replace, 0 to delete. Refused: nothing will be done.
-- stderr --
error[PHX0622]: a linked clone of `vm.here` cannot be on node `pve2`
 --> linked.phx:6:43
  |
6 | vm far { id = 102; node = "pve2"; clone = vm.here; full = false; running = false }
  |                                           ^^^^^^^
  |
  = note: the template is on node `pve`, and its storage is not shared
  = help: make it a full clone, or put both on one node
  = explain: run `phx explain PHX0622`

-- exit --
0
0
0
1
