#!/bin/sh
# Language models behind an HTTP API, Ollama.
set -eu

phx_begin 6000
phx_param version "$PHX_VERSION" '[0-9][0-9A-Za-z.-]*' 'a version such as 0.5.7'
phx_param host "$PHX_HOST" '[^ "]+:[0-9]+' 'ADDRESS:PORT'
phx_param models_dir "$PHX_MODELS_DIR" '/[^ "]*' 'a path without blanks'
phx_apt_install ca-certificates curl

archive=ollama-linux-$phx_arch.tgz
binary_changed=0
if ! phx_have ollama "$PHX_VERSION ${PHX_SHA256:-}" || [ ! -x /opt/ollama/bin/ollama ]; then
  phx_sum "${PHX_SHA256:-}" "$PHX_URL/v$PHX_VERSION/sha256sum.txt" "$archive"
  phx_fetch "$PHX_URL/v$PHX_VERSION/$archive" "$phx_sum_found" "$phx_tmp/$archive"
  # Beside the old one first: a full disk leaves that one whole.
  phx_delete /opt/ollama.phx-new
  phx_unpack "$phx_tmp/$archive" /opt/ollama.phx-new
  [ -f /opt/ollama.phx-new/bin/ollama ] || phx_die 65 "the archive holds no bin/ollama"
  phx_delete /opt/ollama
  mv /opt/ollama.phx-new /opt/ollama
  phx_installed ollama "$PHX_VERSION ${PHX_SHA256:-}"
  binary_changed=1
fi
phx_link /opt/ollama/bin/ollama /usr/local/bin/ollama

phx_user ollama /var/lib/ollama
phx_dir /var/lib/ollama 0755 ollama:ollama
phx_dir "$PHX_MODELS_DIR" 0755 ollama:ollama
for group in render video; do
  if getent group "$group" >/dev/null; then
    case " $(id -nG ollama) " in
    *" $group "*) ;;
    *) usermod -aG "$group" ollama && phx_changed=1 ;;
    esac
  fi
done

phx_seconds keep_alive "$PHX_KEEP_ALIVE"
phx_unit ollama <<END
[Unit]
Description=Ollama
After=network-online.target
Wants=network-online.target

[Service]
User=ollama
Group=ollama
Environment=OLLAMA_HOST=$PHX_HOST OLLAMA_MODELS=$PHX_MODELS_DIR OLLAMA_KEEP_ALIVE=${phx_seconds_found}s
ExecStart=/opt/ollama/bin/ollama serve
Restart=on-failure
RestartSec=5
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
END
phx_service ollama "$binary_changed$phx_put_changed"

# Models are fetched by the service; where it cannot run, that is said and left.
pull_models() {
  if ! phx_has_systemd; then
    phx_say "models are fetched once ollama runs: $(printf '%s' "$PHX_MODELS" | tr '\n' ' ')"
    return 0
  fi
  export OLLAMA_HOST="$PHX_HOST"
  tries=0
  until ollama list >"$phx_tmp/list" 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 30 ] || phx_die 74 "ollama does not answer at $PHX_HOST: $(tail -n 1 "$phx_tmp/list")"
    sleep 1
  done
  for model in $PHX_MODELS; do
    case $model in
    *:*) name=$model ;;
    *) name=$model:latest ;;
    esac
    if ! awk -v name="$name" 'NR > 1 && $1 == name { found = 1 } END { exit !found }' "$phx_tmp/list"; then
      phx_say "fetching the model $model"
      ollama pull "$model" >"$phx_tmp/pull.log" 2>&1 ||
        phx_die 69 "the model $model cannot be fetched: $(tr '\r' '\n' <"$phx_tmp/pull.log" | tail -n 1)"
      phx_changed=1
    fi
  done
}

[ -z "${PHX_MODELS:-}" ] || pull_models
phx_end
