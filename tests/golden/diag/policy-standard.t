The standard policies over guests: each finds what it is for, and lets its exceptions pass.
-- args --
validate --policy standard --format short bad.phx
validate --policy standard good.phx
validate --policy memory-limit --set policy_memory_limit=128GiB bad.phx
validate --policy tag-required --format short --set 'policy_required_tags=["backup"]' good.phx
validate --policy no-public-firewall-rule --format short --set 'policy_closed_ports=[443]' good.phx
-- file bad.phx --
vm base { id = 100; template = true; disk = 10GiB; storage = "local-lvm"; user admin { password = env("NOT_SET") } }
vm clone { id = 101; clone = vm.base; memory = 65GiB }
vm rules {
  id = 102; disk = 10GiB; storage = "local-lvm"; tags = ["x"]
  firewall {
    rule in accept { proto = tcp; port = "80,20:30" }
    rule in accept { macro = SSH; source = 0.0.0.0/0 }
    rule in accept { proto = tcp; port = "ssh" }
    rule in accept { }
    rule in accept { proto = tcp }
    rule in accept { proto = tcp; port = "22"; comment = "public:" }
  }
}
container privileged { id = 103; ostemplate = "local:vztmpl/x.tar.zst"; storage = "local"; notes = "privileged:" }
-- file good.phx --
vm keys { id = 100; disk = 10GiB; storage = "local-lvm"; memory = 64GiB; tags = ["a", "backup"]; user admin { password = null } }
vm excused {
  id = 101; disk = 10GiB; storage = "local-lvm"; memory = 65GiB; tags = ["large-memory", "password-login"]
  user admin { password = env("NOT_SET") }
}
vm rules {
  id = 102; disk = 10GiB; storage = "local-lvm"; tags = ["x"]
  firewall {
    rule in accept { proto = tcp; port = "80,443" }
    rule in accept { proto = tcp; port = "22"; source = 10.0.0.0/8 }
    rule in accept { proto = icmp }
    rule in accept { macro = HTTPS }
    rule in accept { proto = tcp; port = "22"; comment = "public: the bastion" }
    rule in accept { proto = tcp; port = "22"; enabled = false }
    rule in drop   { proto = tcp; port = "22" }
    rule out accept { }
  }
}
container privileged { id = 103; ostemplate = "local:vztmpl/x.tar.zst"; storage = "local"; tags = ["x"]; notes = "Privileged: kernel NFS" }
container tagged     { id = 104; ostemplate = "local:vztmpl/x.tar.zst"; storage = "local"; tags = ["privileged"] }
container plain      { id = 105; ostemplate = "local:vztmpl/x.tar.zst"; storage = "local"; tags = ["x"]; unprivileged = true }
-- stdout --
valid: 6 guests, 6 resources (checks that hang on missing environment or params were left out); 6 policies checked, 1 of them in part: `phx plan` does the rest
valid: 4 guests, 4 resources (checks that hang on missing environment or params were left out); 1 policy checked
-- stderr --
etc/policies/memory-limit.phx:11:12: error[PHX0650]: policy `memory-limit` denies: vm.clone asks for 65GiB, more than 64GiB
etc/policies/no-password-login.phx:8:12: error[PHX0650]: policy `no-password-login` denies: vm.base lets a user log in with a password
etc/policies/no-password-login.phx:8:12: error[PHX0650]: policy `no-password-login` denies: vm.clone lets a user log in with a password
etc/policies/no-public-firewall-rule.phx:17:16: error[PHX0650]: policy `no-public-firewall-rule` denies: vm.rules: a firewall rule accepts everything from everywhere
etc/policies/no-public-firewall-rule.phx:18:16: error[PHX0650]: policy `no-public-firewall-rule` denies: vm.rules: a firewall rule accepts SSH from everywhere
etc/policies/no-public-firewall-rule.phx:19:16: error[PHX0650]: policy `no-public-firewall-rule` denies: vm.rules: a firewall rule accepts SSH from everywhere
etc/policies/no-public-firewall-rule.phx:23:18: error[PHX0650]: policy `no-public-firewall-rule` denies: vm.rules: a firewall rule accepts port 22 from everywhere
etc/policies/privileged-container-needs-a-reason.phx:9:14: error[PHX0650]: policy `privileged-container-needs-a-reason` denies: container.privileged is a privileged container without a reason in its notes
etc/policies/tag-required.phx:9:14: warning[PHX0651]: policy `tag-required` warns: container.privileged has no tag
etc/policies/tag-required.phx:9:14: warning[PHX0651]: policy `tag-required` warns: vm.base has no tag
etc/policies/tag-required.phx:9:14: warning[PHX0651]: policy `tag-required` warns: vm.clone has no tag
etc/policies/tag-required.phx:12:14: warning[PHX0651]: policy `tag-required` warns: container.plain has no tag `backup`
etc/policies/tag-required.phx:12:14: warning[PHX0651]: policy `tag-required` warns: container.privileged has no tag `backup`
etc/policies/tag-required.phx:12:14: warning[PHX0651]: policy `tag-required` warns: container.tagged has no tag `backup`
etc/policies/tag-required.phx:12:14: warning[PHX0651]: policy `tag-required` warns: vm.excused has no tag `backup`
etc/policies/tag-required.phx:12:14: warning[PHX0651]: policy `tag-required` warns: vm.rules has no tag `backup`
etc/policies/no-public-firewall-rule.phx:23:18: error[PHX0650]: policy `no-public-firewall-rule` denies: vm.rules: a firewall rule accepts port 443 from everywhere
-- exit --
3
0
0
0
3
