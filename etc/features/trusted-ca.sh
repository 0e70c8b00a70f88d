#!/bin/sh
# Trust a certificate authority of one's own.
set -eu

phx_begin 50
phx_param name "$PHX_NAME" '[A-Za-z0-9_-]+' 'letters, digits, - and _'
phx_apt_install ca-certificates

installed=/usr/local/share/ca-certificates/phx-$PHX_NAME.crt

# SHA-256 of the first certificate of a PEM file, as `step certificate fingerprint` prints it.
fingerprint_of() {
  awk '/-----BEGIN CERTIFICATE-----/ { on = 1; next } /-----END CERTIFICATE-----/ { exit } on' "$1" |
    tr -d '\r\n ' | base64 -d 2>/dev/null | sha256sum | cut -d ' ' -f 1
}

is_certificate() {
  grep -q -- '-----BEGIN CERTIFICATE-----' "$1" && grep -q -- '-----END CERTIFICATE-----' "$1"
}

phx_seconds wait "$PHX_WAIT"
deadline=$(($(date +%s) + phx_seconds_found))

# Waits until a command succeeds; the last line it printed says why it did not.
until_there() {
  what=$1
  shift
  until "$@" >"$phx_tmp/why" 2>&1; do
    if [ "$(date +%s)" -ge "$deadline" ]; then
      phx_die 69 "$what: $(tail -n 1 "$phx_tmp/why")"
    fi
    sleep 2
  done
}

from_ca() {
  command -v curl >/dev/null 2>&1 || phx_apt_install curl
  # Nothing vouches for the connection yet: what it gives counts by its fingerprint alone.
  until_there "$PHX_CA_URL does not answer" \
    curl -fsS --insecure --connect-timeout 10 --max-time 30 -o "$phx_tmp/roots" "$PHX_CA_URL/roots.pem"
  cp "$phx_tmp/roots" "$phx_tmp/certificate"
  want=$(printf '%s' "${PHX_FINGERPRINT:-}" | tr -d ': ' | tr '[:upper:]' '[:lower:]')
  if [ -z "$want" ] && [ -f "$installed" ]; then
    want=$(fingerprint_of "$installed")
  fi
  found=$(fingerprint_of "$phx_tmp/certificate")
  if [ -n "$want" ] && [ "$found" != "$want" ]; then
    phx_die 65 "$PHX_CA_URL has another root certificate: expected the fingerprint $want, found $found; it is not trusted"
  fi
  [ -n "$want" ] || phx_say "trusting what $PHX_CA_URL gives for the first time: fingerprint $found"
}

given=0
for source in "${PHX_CERTIFICATE:-}" "${PHX_FILE:-}" "${PHX_CA_URL:-}"; do
  [ -z "$source" ] || given=$((given + 1))
done
[ $given -eq 1 ] || phx_die 64 'expected one of the parameters certificate, file and ca_url'

if [ -n "${PHX_CERTIFICATE:-}" ]; then
  printf '%s\n' "$PHX_CERTIFICATE" >"$phx_tmp/certificate"
elif [ -n "${PHX_FILE:-}" ]; then
  until_there "$PHX_FILE does not appear" cat "$PHX_FILE"
  cp "$PHX_FILE" "$phx_tmp/certificate"
else
  phx_param ca_url "$PHX_CA_URL" 'https?://[^ ]+' 'an address such as https://10.0.0.10:9000'
  from_ca
fi
is_certificate "$phx_tmp/certificate" || phx_die 65 'this is no PEM certificate'
if [ -n "${PHX_FINGERPRINT:-}" ] && [ -z "${PHX_CA_URL:-}" ]; then
  want=$(printf '%s' "$PHX_FINGERPRINT" | tr -d ': ' | tr '[:upper:]' '[:lower:]')
  found=$(fingerprint_of "$phx_tmp/certificate")
  [ "$found" = "$want" ] || phx_die 65 "this is another certificate: expected the fingerprint $want, found $found"
fi

phx_place "$phx_tmp/certificate" "$installed" 0644
if [ "$phx_put_changed" -eq 1 ] || [ ! -e "/etc/ssl/certs/phx-$PHX_NAME.pem" ]; then
  update-ca-certificates >"$phx_tmp/update.log" 2>&1 ||
    phx_die 73 "update-ca-certificates failed: $(tail -n 1 "$phx_tmp/update.log")"
fi
phx_end
