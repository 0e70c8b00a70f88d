#!/bin/sh
# Reverse proxy with certificates by ACME, Traefik.
set -eu

phx_begin 300
phx_param version "$PHX_VERSION" '[0-9][0-9A-Za-z.-]*' 'a version such as 3.1.4'
phx_param email "${PHX_EMAIL:-none}" '[^ "\\]+' 'an address'
phx_apt_install ca-certificates curl

archive=traefik_v${PHX_VERSION}_linux_$phx_arch.tar.gz
binary_changed=0
if ! phx_have traefik "$PHX_VERSION ${PHX_SHA256:-}" || [ ! -x /usr/local/bin/traefik ]; then
  phx_sum "${PHX_SHA256:-}" "$PHX_URL/v$PHX_VERSION/traefik_v${PHX_VERSION}_checksums.txt" "$archive"
  phx_fetch "$PHX_URL/v$PHX_VERSION/$archive" "$phx_sum_found" "$phx_tmp/$archive"
  phx_unpack "$phx_tmp/$archive" "$phx_tmp/unpacked"
  phx_binary "$phx_tmp/unpacked" traefik /usr/local/bin/traefik
  phx_installed traefik "$PHX_VERSION ${PHX_SHA256:-}"
  binary_changed=1
fi

phx_user traefik /var/lib/traefik
phx_dir /etc/traefik 0755
phx_dir /etc/traefik/dynamic 0755
phx_dir /var/lib/traefik 0700 traefik:traefik

static_config() {
  cat <<END
global:
  checkNewVersion: false
  sendAnonymousUsage: false
log:
  level: $PHX_LOG_LEVEL
entryPoints:
  web:
    address: ":$PHX_HTTP_PORT"
    http:
      redirections:
        entryPoint:
          to: websecure
          scheme: https
  websecure:
    address: ":$PHX_HTTPS_PORT"
END
  if [ -n "${PHX_CA_SERVER:-}" ]; then
    cat <<END
    http:
      tls:
        certResolver: site
certificatesResolvers:
  site:
    acme:
      caServer: "$PHX_CA_SERVER"
      email: "${PHX_EMAIL:-root@$(hostname)}"
      storage: /var/lib/traefik/acme.json
      tlsChallenge: {}
END
  fi
  cat <<END
providers:
  file:
    directory: /etc/traefik/dynamic
    watch: true
api:
  dashboard: $PHX_DASHBOARD
  insecure: $PHX_DASHBOARD
END
}

environment=
if [ -n "${PHX_CA_SERVER:-}" ]; then
  phx_param ca_server "$PHX_CA_SERVER" 'https://[^ "\\]+' "an ACME directory's address"
  case $PHX_CA_SERVER in
  *letsencrypt.org/*) ;;
  *)
    [ -r "$PHX_CA_CERTIFICATE" ] ||
      phx_die 64 "$PHX_CA_CERTIFICATE is missing, which shall vouch for $PHX_CA_SERVER: does feature.trusted-ca stand before this one?"
    environment="Environment=LEGO_CA_CERTIFICATES=$PHX_CA_CERTIFICATE"
    ;;
  esac
fi
static_config >"$phx_tmp/traefik.yml"
phx_place "$phx_tmp/traefik.yml" /etc/traefik/traefik.yml 0644
config_changed=$phx_put_changed

phx_unit traefik <<END
[Unit]
Description=reverse proxy
After=network-online.target
Wants=network-online.target

[Service]
User=traefik
Group=traefik
${environment:-# no CA of its own}
ExecStart=/usr/local/bin/traefik --configFile=/etc/traefik/traefik.yml
Restart=on-failure
RestartSec=5
AmbientCapabilities=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
ProtectSystem=full
ProtectHome=yes

[Install]
WantedBy=multi-user.target
END
phx_service traefik "$binary_changed$config_changed$phx_put_changed"
phx_end
