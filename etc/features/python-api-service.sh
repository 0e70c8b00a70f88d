#!/bin/sh
# A Python web application under uvicorn.
set -eu

phx_begin 300
phx_param name "$PHX_NAME" '[a-z][a-z0-9-]*' 'small letters, digits and -'
phx_param app "$PHX_APP" '[A-Za-z0-9_.]+:[A-Za-z0-9_.]+' 'MODULE:NAME'
phx_param source "$PHX_SOURCE" '/[^ "%]*' 'a path without blanks'
phx_param index_url "$PHX_INDEX_URL" '(https?|file)://[^ ]+' 'an address'
[ -d "$PHX_SOURCE" ] || phx_die 64 "the application's directory $PHX_SOURCE is missing: a \`file\` block, an NFS share or a mount brings it"

# shellcheck disable=SC2086 # a list of package names
[ -z "${PHX_PACKAGES:-}" ] || phx_apt_install $PHX_PACKAGES
phx_user "$PHX_NAME" "/var/lib/$PHX_NAME"
phx_dir "/var/lib/$PHX_NAME" 0750 "$PHX_NAME:$PHX_NAME"

{
  printf 'uvicorn==%s\n' "$PHX_UVICORN"
  [ ! -f "$PHX_SOURCE/requirements.txt" ] || cat "$PHX_SOURCE/requirements.txt"
} >"$phx_tmp/requirements.txt"
phx_venv "/opt/$PHX_NAME" "$phx_tmp/requirements.txt" "$PHX_INDEX_URL"
venv_changed=$phx_venv_changed

phx_dir "/etc/$PHX_NAME" 0755
phx_text "${PHX_ENVIRONMENT:-}" "/etc/$PHX_NAME/environment" 0644
environment_changed=$phx_put_changed
phx_text "${PHX_SECRETS:-}" "/etc/$PHX_NAME/secrets" 0600
secrets_changed=$phx_put_changed

# The source itself, so that the service is restarted when it has changed.
find "$PHX_SOURCE" -name __pycache__ -prune -o -type f -print | sort | while IFS= read -r file; do
  sha256sum "$file"
done >"$phx_tmp/source.sums"
source_sum=$(phx_sha256 "$phx_tmp/source.sums")
source_changed=0
if ! phx_have "$PHX_NAME-source" "$source_sum"; then
  phx_installed "$PHX_NAME-source" "$source_sum"
  source_changed=1
fi

phx_unit "$PHX_NAME" <<END
[Unit]
Description=$PHX_NAME
After=network-online.target
Wants=network-online.target

[Service]
User=$PHX_NAME
Group=$PHX_NAME
WorkingDirectory=$PHX_SOURCE
Environment=PYTHONDONTWRITEBYTECODE=1
EnvironmentFile=/etc/$PHX_NAME/environment
EnvironmentFile=/etc/$PHX_NAME/secrets
ExecStart=/opt/$PHX_NAME/bin/uvicorn --host $PHX_HOST --port $PHX_PORT --workers $PHX_WORKERS $PHX_APP
Restart=on-failure
RestartSec=5
NoNewPrivileges=yes
ProtectSystem=full

[Install]
WantedBy=multi-user.target
END
phx_service "$PHX_NAME" "$venv_changed$environment_changed$secrets_changed$source_changed$phx_put_changed"
phx_end
