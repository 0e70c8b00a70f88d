What a VM's cloud-init drive will hold: options of the API, merged documents, parts beside a script; secrets are masked.
-- args --
show --cloud-init vm.web main.phx
show --cloud-init vm.script main.phx
show --cloud-init vm.plain main.phx
show --cloud-init vm.none main.phx
show --cloud-init vm.wep main.phx
show --cloud-init container.c main.phx
-- env --
ADA_PASSWORD=hunter22-canary
-- file main.phx --
stack "lab"
defaults vm {
  storage = "local-lvm"
  disk = 8GiB
}
vm web {
  id = 101
  agent { enabled = true }
  network { ip = 10.0.0.5/24; gw = 10.0.0.1 }
  dns { servers = [10.0.0.1]; search = "lab.example" }
  user bob { sudo = false; ssh_keys = ["ssh-ed25519 BBBB bob"] }
  user ada {
    ssh_keys = ["ssh-ed25519 AAAA ada"]
    password = env("ADA_PASSWORD")
    sudo = "ALL=(ALL) ALL"
  }
  cloud_init {
    user_data = "user.yaml"
    vendor_data = "#cloud-config\nntp: {enabled: true}\n"
  }
}
vm script {
  id = 102
  cloud_init { user_data = "#!/bin/sh\necho hello\n"; upgrade = false }
}
vm plain {
  id = 103
  network { ip = dhcp; ip6 = auto }
  user ada { ssh_keys = ["ssh-ed25519 AAAA ada"]; password = env("ADA_PASSWORD") }
  cloud_init { vendor_data = "local:snippets/mine.yaml" }
}
vm none { id = 104 }
container c { id = 105; ostemplate = "local:vztmpl/x.tar.zst"; storage = "local-lvm" }
-- file user.yaml --
#cloud-config
ssh_pwauth: true
packages: [htop]
users:
- name: backup
  system: true
runcmd:
- echo hi
write_files:
- path: /etc/motd
  permissions: '0644'
  content: |
    line one
    line two
-- stdout --
By the API's own options:
  nameserver    10.0.0.1
  searchdomain  lab.example
  ipconfig0     ip=10.0.0.5/24,gw=10.0.0.1

User data, a snippet that takes the place of what Proxmox makes of its options:

#cloud-config
hostname: web
fqdn: web.lab.example
manage_etc_hosts: true
ssh_pwauth: true
package_upgrade: true
users:
- name: ada
  shell: /bin/bash
  lock_passwd: false
  passwd: (secret)
  ssh_authorized_keys:
  - ssh-ed25519 AAAA ada
  sudo: ALL=(ALL) ALL
- name: bob
  shell: /bin/bash
  lock_passwd: true
  ssh_authorized_keys:
  - ssh-ed25519 BBBB bob
- name: backup
  system: true
runcmd:
- |
  (
  if ! command -v qemu-ga >/dev/null 2>&1; then
    if command -v apt-get >/dev/null 2>&1; then
      export DEBIAN_FRONTEND=noninteractive
      apt-get -o DPkg::Lock::Timeout=300 update
      apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends qemu-guest-agent
    elif command -v dnf >/dev/null 2>&1; then dnf -y install qemu-guest-agent
    elif command -v zypper >/dev/null 2>&1; then zypper --non-interactive install qemu-guest-agent
    elif command -v apk >/dev/null 2>&1; then apk add qemu-guest-agent
    elif command -v pacman >/dev/null 2>&1; then pacman -Sy --noconfirm qemu-guest-agent
    fi
  fi
  if command -v systemctl >/dev/null 2>&1; then
    systemctl enable qemu-guest-agent 2>/dev/null
    systemctl start qemu-guest-agent
  else
    rc-update add qemu-guest-agent; rc-service qemu-guest-agent start
  fi
  )
- echo hi
packages:
- htop
write_files:
- path: /etc/motd
  permissions: '0644'
  content: |
    line one
    line two

Vendor data, a snippet:

#cloud-config
ntp:
  enabled: true
By the API's own options:
  none

User data, a snippet that takes the place of what Proxmox makes of its options:

Content-Type: multipart/mixed; boundary="phx-bfdeaeb08cffb6a3"
MIME-Version: 1.0

--phx-bfdeaeb08cffb6a3
Content-Type: text/cloud-config; charset="utf-8"
MIME-Version: 1.0

#cloud-config
hostname: script
fqdn: script
manage_etc_hosts: true
ssh_pwauth: false
package_upgrade: false
users:
- default

--phx-bfdeaeb08cffb6a3
Content-Type: text/x-shellscript; charset="utf-8"
MIME-Version: 1.0

#!/bin/sh
echo hello

--phx-bfdeaeb08cffb6a3--
By the API's own options:
  ciuser        ada
  cicustom      vendor=local:snippets/mine.yaml
  sshkeys       ssh-ed25519 AAAA ada
  cipassword    (secret)
  ipconfig0     ip=dhcp,ip6=auto
vm.none has no cloud-init drive: nothing is declared that would need one
-- stderr --
phx: `--cloud-init vm.wep`: the configuration has no such resource
  hint: did you mean `vm.web`?
phx: `--cloud-init container.c`: only a VM has cloud-init data
-- exit --
0
0
0
0
64
64
