#!/bin/sh
# smallstep's command line, step.
set -eu

phx_begin 150
phx_param version "$PHX_VERSION" '[0-9][0-9A-Za-z.-]*' 'a version such as 0.28.3'
phx_apt_install ca-certificates curl

archive=step_linux_${PHX_VERSION}_$phx_arch.tar.gz
if ! phx_have step-cli "$PHX_VERSION ${PHX_SHA256:-}" || [ ! -x /usr/local/bin/step ]; then
  phx_sum "${PHX_SHA256:-}" "$PHX_URL/v$PHX_VERSION/checksums.txt" "$archive"
  phx_fetch "$PHX_URL/v$PHX_VERSION/$archive" "$phx_sum_found" "$phx_tmp/$archive"
  phx_unpack "$phx_tmp/$archive" "$phx_tmp/step"
  phx_binary "$phx_tmp/step" step /usr/local/bin/step
  phx_installed step-cli "$PHX_VERSION ${PHX_SHA256:-}"
fi
/usr/local/bin/step version >/dev/null 2>"$phx_tmp/step.log" ||
  phx_die 65 "the step that was installed does not run: $(tail -n 1 "$phx_tmp/step.log")"

if [ -n "${PHX_CA_URL:-}" ]; then
  phx_param ca_url "$PHX_CA_URL" 'https://[^ "\\]+' 'an address such as https://10.0.0.10:9000'
  phx_param root "$PHX_ROOT" '/[^"\\]*' 'a path'
  phx_put /root/.step/config/defaults.json 0644 <<END
{
  "ca-url": "$PHX_CA_URL",
  "root": "$PHX_ROOT",
  "redirect-url": ""
}
END
fi
phx_end
