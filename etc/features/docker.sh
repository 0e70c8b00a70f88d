#!/bin/sh
# Docker Engine, compose and buildx.
set -eu

phx_begin 1000
phx_param url "$PHX_URL" '(https?|file)://[^ "\\]+' 'an address'
phx_param log_max_size "$PHX_LOG_MAX_SIZE" '[0-9]+[kmg]' 'a size such as 10m'

# Lines of text as a JSON list.
json_list() {
  printf '%s\n' "$1" | awk 'NF { gsub(/["\\]/, "\\\\&"); printf "%s\"%s\"", n++ ? ", " : "", $0 }'
}

daemon_json() {
  printf '{\n  "log-driver": "json-file",\n  "log-opts": { "max-size": "%s", "max-file": "%s" }' \
    "$PHX_LOG_MAX_SIZE" "$PHX_LOG_MAX_FILE"
  [ -z "${PHX_DATA_ROOT:-}" ] || printf ',\n  "data-root": %s' "$(json_list "$PHX_DATA_ROOT")"
  [ -z "${PHX_REGISTRY_MIRRORS:-}" ] || printf ',\n  "registry-mirrors": [%s]' "$(json_list "$PHX_REGISTRY_MIRRORS")"
  [ -z "${PHX_INSECURE_REGISTRIES:-}" ] ||
    printf ',\n  "insecure-registries": [%s]' "$(json_list "$PHX_INSECURE_REGISTRIES")"
  printf '\n}\n'
}

# Distributions' packages of the same programs are in the way.
remove_others() {
  others=
  for package in docker.io docker-doc docker-compose podman-docker containerd runc; do
    if phx_is_installed "$package"; then
      others="$others $package"
    fi
  done
  [ -n "$others" ] || return 0
  phx_say "removing$others"
  # shellcheck disable=SC2086 # a list of package names
  phx_apt remove $others
}

case $PHX_SOURCE in
docker)
  phx_apt_install ca-certificates
  phx_apt_key docker "$PHX_URL/$phx_os/gpg" "$PHX_KEY_FINGERPRINT"
  phx_apt_source docker <<END
Types: deb
URIs: $PHX_URL/$phx_os
Suites: $phx_codename
Components: $PHX_CHANNEL
Architectures: $phx_arch
Signed-By: /etc/apt/keyrings/docker.asc
END
  phx_is_installed docker-ce || remove_others
  pin=${PHX_VERSION:+=$PHX_VERSION}
  phx_apt_install "docker-ce$pin" "docker-ce-cli$pin" containerd.io docker-buildx-plugin docker-compose-plugin
  ;;
distribution)
  [ -z "${PHX_VERSION:-}" ] || phx_die 64 'a version can be chosen with source = "docker" only'
  phx_delete /etc/apt/sources.list.d/docker.sources
  phx_apt_install docker.io
  ;;
*) phx_die 64 "the parameter source is \`$PHX_SOURCE\`; expected docker or distribution" ;;
esac

daemon_json >"$phx_tmp/daemon.json"
phx_place "$phx_tmp/daemon.json" /etc/docker/daemon.json 0644
config_changed=$phx_put_changed

for user in ${PHX_USERS:-}; do
  getent passwd "$user" >/dev/null || phx_die 64 "there is no user $user to be let to use Docker"
  case " $(id -nG "$user") " in
  *' docker '*) ;;
  *) usermod -aG docker "$user" && phx_changed=1 ;;
  esac
done
phx_service docker "$config_changed"
phx_end
