Steps inside a VM that has no guest agent.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id      = 101
  storage = "local-lvm"
  disk    = 32GiB
  file "/etc/motd" { content = "hello\n" }
}
-- stdout --
valid: 1 guest, 1 resource
-- stderr --
warning[PHX0445]: `vm.web` has no guest agent to do this
 --> main.phx:5:3
  |
5 |   file "/etc/motd" { content = "hello\n" }
  |   ^^^^^^^^^^^^^^^^
  |
  = help: say `agent { enabled = true }`, and have qemu-guest-agent installed
  = explain: run `phx explain PHX0445`

