#!/bin/sh
# The client side of NFS.
set -eu

phx_begin 50
phx_apt_install nfs-common

if [ -n "${PHX_IDMAP_DOMAIN:-}" ]; then
  phx_param idmap_domain "$PHX_IDMAP_DOMAIN" '[A-Za-z0-9.-]+' 'a domain such as lab.internal'
  [ -f /etc/idmapd.conf ] || phx_die 73 '/etc/idmapd.conf is missing, which nfs-common brings along'
  # One line `Domain` in [General]: the package's own is replaced, commented out or not.
  awk -v domain="$PHX_IDMAP_DOMAIN" '
    /^\[/ {
      if (inside && !done) { print "Domain = " domain; done = 1 }
      inside = $0 ~ /^\[General\]/
    }
    inside && /^[#[:space:]]*Domain[[:space:]]*=/ {
      if (!done) print "Domain = " domain
      done = 1
      next
    }
    { print }
    END {
      if (!done && !inside) print "[General]"
      if (!done) print "Domain = " domain
    }' /etc/idmapd.conf >"$phx_tmp/idmapd.conf"
  phx_place "$phx_tmp/idmapd.conf" /etc/idmapd.conf 0644
  if [ $phx_put_changed -eq 1 ] && command -v nfsidmap >/dev/null; then
    nfsidmap -c 2>/dev/null || true # forgets what the kernel remembers
  fi
fi
if command -v systemctl >/dev/null; then
  phx_service nfs-client.target
fi
phx_end
