Files whose names have blanks, quotes, tabs and line ends in them, alone and within a directory: put there once, known afterwards, looked at.
-- args --
$ mkdir -p "files/$(printf "sub\ndir")" && printf 1 >"files/$(printf "new\nline")" && printf 2 >"files/$(printf "sub\ndir")/it's \"x\" \\ \$y" && printf 3 >files/.größe
$ "$PHX" apply --sim sim --sim-guests tree --yes main.phx 2>/dev/null | grep Apply
plan --sim sim --sim-guests tree --refresh-guests main.phx
$ "$PHX" exec --sim sim --sim-guests tree vm.web -- sh -c "find /srv -type f | sort; find /srv -type f -exec cat {} + | fold -w 1 | sort | tr -d \"\\n\"; ls /etc | grep -A 1 new | cat -A"
$ "$PHX" exec --sim sim --sim-guests tree vm.web -- sh -c "echo bad >\"/srv/a b/.größe\""
plan --sim sim --sim-guests tree --refresh-guests main.phx
-- needs --
trees
-- file sim/cluster.json --
{
 "nodes": [{"name": "pve"}],
 "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G", "content": "iso,vztmpl,backup,import,snippets,images"}],
 "volumes": [
  {"volid": "local:101/vm-101-disk-0.qcow2", "size": "8G", "format": "qcow2", "os": {"agent": true}},
  {"volid": "local:101/vm-101-cloudinit.qcow2", "size": "4M", "format": "qcow2"}
 ],
 "guests": [
  {"vmid": 101, "kind": "qemu", "conf": {"name": "web", "agent": "enabled=1", "scsi0": "local:101/vm-101-disk-0.qcow2,size=8G", "boot": "order=scsi0", "scsihw": "virtio-scsi-single", "ide2": "local:101/vm-101-cloudinit.qcow2,media=cdrom,size=4M", "net0": "virtio=02:5F:1E:80:26:C1,bridge=vmbr0", "ipconfig0": "ip=dhcp", "tags": "phx-t", "description": "<!-- phx:1 stack=t address=vm.web id=101 building -->"}}
 ]
}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm web {
  id = 101
  storage = "local"
  disk = 8GiB
  agent { enabled = true }
  network { ip = dhcp; mac = 02:5F:1E:80:26:C1 }
  file "/etc/new\nline\tname" { content = "x" }
  file "/srv/a b" { source = "files" }
}
-- stdout --
Apply complete: 9 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 1 resource is as declared.
/srv/a b/.größe
/srv/a b/new
/srv/a b/sub
dir/it's "x" \ $y
line
123new?line?name$
passwd$
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.web  101 on pve  main.phx:3
    update
      file./srv/a b  fe22cda672b8 → fe22cda672b8  main.phx:10  changed inside the guest: .größe
      · inside, by the guest agent: file /srv/a b

Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 5 actions.
About ….
