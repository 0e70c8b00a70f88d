#!/bin/sh
# A language model behind an OpenAI-compatible API, vLLM.
set -eu

phx_begin 1000
phx_param version "$PHX_VERSION" '[0-9][0-9A-Za-z.+-]*' 'a version such as 0.6.6'
phx_param index_url "$PHX_INDEX_URL" '(https?|file)://[^ ]+' 'an address'
phx_param model "${PHX_MODEL:-}" '[A-Za-z0-9._/-]+' 'a model such as Qwen/Qwen2-7B-Instruct, or a directory'

phx_user vllm "$PHX_CACHE"
phx_dir "$PHX_CACHE" 0750 vllm:vllm

{
  if [ -n "${PHX_REQUIREMENTS:-}" ]; then
    printf '%s\n' "$PHX_REQUIREMENTS"
  else
    printf 'vllm==%s\n' "$PHX_VERSION"
  fi
} >"$phx_tmp/requirements.txt"
phx_venv /opt/vllm "$phx_tmp/requirements.txt" "$PHX_INDEX_URL"
venv_changed=$phx_venv_changed

# A word as systemd reads it.
word() {
  printf '"%s" ' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g; s/%/%%/g; s/\$/$$/g')"
}

arguments() {
  word "$PHX_MODEL"
  word --host && word "$PHX_HOST"
  word --port && word "$PHX_PORT"
  word --dtype && word "$PHX_DTYPE"
  word --gpu-memory-utilization && word "$PHX_GPU_MEMORY_UTILIZATION"
  word --tensor-parallel-size && word "$PHX_TENSOR_PARALLEL_SIZE"
  [ -z "${PHX_SERVED_MODEL_NAME:-}" ] || { word --served-model-name && word "$PHX_SERVED_MODEL_NAME"; }
  [ -z "${PHX_QUANTIZATION:-}" ] || { word --quantization && word "$PHX_QUANTIZATION"; }
  [ -z "${PHX_MAX_MODEL_LEN:-}" ] || { word --max-model-len && word "$PHX_MAX_MODEL_LEN"; }
  [ "$PHX_TRUST_REMOTE_CODE" = false ] || word --trust-remote-code
  printf '%s\n' "${PHX_ARGS:-}" | while IFS= read -r line; do
    [ -z "$line" ] || word "$line"
  done
}

# The token is in a file of its own, not in the unit, which everybody may read.
if [ -n "${PHX_HF_TOKEN:-}" ]; then
  phx_dir /etc/vllm 0755
  phx_text "HF_TOKEN=$PHX_HF_TOKEN" /etc/vllm/secrets.env 0600
  secrets_changed=$phx_put_changed
else
  phx_delete /etc/vllm/secrets.env
  secrets_changed=0
fi

phx_unit vllm <<END
[Unit]
Description=vLLM
After=network-online.target
Wants=network-online.target

[Service]
User=vllm
Group=vllm
Environment=HF_HOME=$PHX_CACHE HOME=$PHX_CACHE
EnvironmentFile=-/etc/vllm/secrets.env
ExecStart=/opt/vllm/bin/vllm serve $(arguments)
Restart=on-failure
RestartSec=20
TimeoutStartSec=infinity
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
END
phx_service vllm "$venv_changed$secrets_changed$phx_put_changed"
phx_end
