#!/bin/sh
# The guest agent of virtual machines.
set -eu

phx_begin 50
if phx_is_container; then
  phx_die 78 'a container has no guest agent: take this feature out of its list'
fi
phx_apt_install qemu-guest-agent
# Debian's unit is started by the device and cannot be enabled; without the device there is nothing to talk to.
if phx_has_systemd && [ ! -e /dev/virtio-ports/org.qemu.guest_agent.0 ]; then
  phx_die 74 "the virtual machine has no agent device: it needs \`agent { enabled = true }\`, and a cold start"
fi
phx_service qemu-guest-agent
phx_end
