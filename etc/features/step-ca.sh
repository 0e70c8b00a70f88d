#!/bin/sh
# A certificate authority with ACME, step-ca.
set -eu

phx_begin 200
phx_need step
phx_param version "$PHX_VERSION" '[0-9][0-9A-Za-z.-]*' 'a version such as 0.28.3'
phx_param provisioner "$PHX_PROVISIONER" '[A-Za-z0-9@._-]+' 'a name such as admin'
phx_apt_install ca-certificates curl

home=/etc/step-ca
export STEPPATH=$home

# --- the program ---

archive=step-ca_linux_${PHX_VERSION}_$phx_arch.tar.gz
binary_changed=0
if ! phx_have step-ca "$PHX_VERSION ${PHX_SHA256:-}" || [ ! -x /usr/local/bin/step-ca ]; then
  phx_sum "${PHX_SHA256:-}" "$PHX_URL/v$PHX_VERSION/checksums.txt" "$archive"
  phx_fetch "$PHX_URL/v$PHX_VERSION/$archive" "$phx_sum_found" "$phx_tmp/$archive"
  phx_unpack "$phx_tmp/$archive" "$phx_tmp/unpacked"
  phx_binary "$phx_tmp/unpacked" step-ca /usr/local/bin/step-ca
  phx_installed step-ca "$PHX_VERSION ${PHX_SHA256:-}"
  binary_changed=1
fi

# --- the authority: made once, never again ---

phx_user step "$home"
phx_dir "$home" 0700 step:step
if [ -n "${PHX_PASSWORD:-}" ]; then
  printf '%s\n' "$PHX_PASSWORD" >"$phx_tmp/password"
elif [ -f "$home/password.txt" ]; then
  cp "$home/password.txt" "$phx_tmp/password"
else
  head -c 24 /dev/urandom | base64 >"$phx_tmp/password"
fi
if [ -f "$home/password.txt" ] && ! cmp -s "$phx_tmp/password" "$home/password.txt"; then
  phx_die 64 "the CA in $home has another password: its keys would be lost; change it there by hand, or put the old one back"
fi
phx_place "$phx_tmp/password" "$home/password.txt" 0600 step:step

names=$(hostname)
for name in $(hostname -I 2>/dev/null) ${PHX_NAMES:-}; do
  names="$names,$name"
done
if [ ! -f "$home/certs/root_ca.crt" ] || [ ! -f "$home/config/ca.json" ]; then
  phx_say "making the CA \`$PHX_NAME\`"
  set --
  for name in $(printf '%s' "$names" | tr , ' '); do
    set -- "$@" --dns "$name"
  done
  if ! step ca init --deployment-type standalone --name "$PHX_NAME" "$@" --address ":$PHX_PORT" \
    --provisioner "$PHX_PROVISIONER" --password-file "$home/password.txt" \
    --provisioner-password-file "$home/password.txt" >"$phx_tmp/init.log" 2>&1; then
    rm -rf "$home/certs" "$home/secrets" "$home/config" "$home/db"
    phx_die 74 "step ca init failed: $(tail -n 1 "$phx_tmp/init.log")"
  fi
  phx_changed=1
fi

# --- its configuration: what the parameters say is brought into ca.json, the rest of it stays ---

phx_apt_install jq
phx_seconds certificate_duration "$PHX_CERTIFICATE_DURATION"
# shellcheck disable=SC2016 # variables of jq
jq --arg names "$names" --arg address ":$PHX_PORT" --arg duration "${phx_seconds_found}s" --argjson acme "$PHX_ACME" '
  .address = $address
  | .dnsNames = ($names | split(","))
  | .authority.claims = ((.authority.claims // {}) + {defaultTLSCertDuration: $duration, maxTLSCertDuration: $duration})
  | .authority.provisioners = ((.authority.provisioners // []) | map(select(.type != "ACME" or .name != "acme")))
  | if $acme then .authority.provisioners += [{type: "ACME", name: "acme"}] else . end
' "$home/config/ca.json" >"$phx_tmp/ca.json" || phx_die 65 "$home/config/ca.json cannot be read"
phx_place "$phx_tmp/ca.json" "$home/config/ca.json" 0600 step:step
config_changed=$phx_put_changed

for path in certs config secrets db templates; do
  [ ! -e "$home/$path" ] || [ -z "$(find "$home/$path" ! -user step -print -quit)" ] || chown -R step:step "$home/$path"
done
for key in "$home"/secrets/*; do
  [ ! -f "$key" ] || [ "$(stat -c %a "$key")" = 600 ] || chmod 0600 "$key"
done

# --- what others need to trust it ---

if [ -n "${PHX_PUBLISH:-}" ]; then
  phx_place "$home/certs/root_ca.crt" "$PHX_PUBLISH/root_ca.crt" 0644
  phx_text "$(step certificate fingerprint "$home/certs/root_ca.crt")" "$PHX_PUBLISH/fingerprint" 0644
fi

phx_unit step-ca <<END
[Unit]
Description=certificate authority
After=network-online.target
Wants=network-online.target

[Service]
User=step
Group=step
Environment=STEPPATH=$home
ExecStart=/usr/local/bin/step-ca $home/config/ca.json --password-file $home/password.txt
Restart=on-failure
RestartSec=5
AmbientCapabilities=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
ProtectSystem=full
ProtectHome=yes

[Install]
WantedBy=multi-user.target
END
phx_service step-ca "$binary_changed$config_changed$phx_put_changed"
phx_say "root certificate: fingerprint $(step certificate fingerprint "$home/certs/root_ca.crt")"
phx_end
