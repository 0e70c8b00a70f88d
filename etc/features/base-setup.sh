#!/bin/sh
# Common packages, locale, time zone, automatic security updates.
set -eu

phx_begin 300
phx_param locale "$PHX_LOCALE" '[A-Za-z0-9_.@-]+' 'a locale such as en_US.UTF-8'
phx_param timezone "$PHX_TIMEZONE" '[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*' 'a time zone such as Europe/Berlin'

packages='ca-certificates curl gpg tzdata'
case $PHX_LOCALE in
C.* | C | POSIX) ;;
*) packages="$packages locales" ;;
esac
[ "$PHX_AUTOMATIC_UPDATES" = false ] || packages="$packages unattended-upgrades"
# shellcheck disable=SC2086 # lists of package names
phx_apt_install $packages ${PHX_PACKAGES:-}

if [ "$PHX_UPGRADE" = true ] && ! phx_have base-setup-upgrade "$phx_release ${PHX_PACKAGES:-}"; then
  phx_apt_update
  phx_say 'upgrading all packages'
  phx_apt dist-upgrade
  phx_installed base-setup-upgrade "$phx_release ${PHX_PACKAGES:-}"
fi

[ -e "/usr/share/zoneinfo/$PHX_TIMEZONE" ] || phx_die 64 "there is no time zone $PHX_TIMEZONE"
phx_link "/usr/share/zoneinfo/$PHX_TIMEZONE" /etc/localtime
phx_text "$PHX_TIMEZONE" /etc/timezone 0644

case $PHX_LOCALE in
C.* | C | POSIX) ;;
*)
  charset=${PHX_LOCALE#*.}
  [ "$charset" != "$PHX_LOCALE" ] || charset=UTF-8
  grep -q "^[# ]*$PHX_LOCALE " /usr/share/i18n/SUPPORTED || phx_die 64 "there is no locale $PHX_LOCALE"
  if ! grep -q "^$PHX_LOCALE " /etc/locale.gen; then
    { sed "s/^# *\($PHX_LOCALE \)/\1/" /etc/locale.gen; } >"$phx_tmp/locale.gen"
    grep -q "^$PHX_LOCALE " "$phx_tmp/locale.gen" || printf '%s %s\n' "$PHX_LOCALE" "$charset" >>"$phx_tmp/locale.gen"
    phx_place "$phx_tmp/locale.gen" /etc/locale.gen 0644
    locale-gen >"$phx_tmp/locale.log" 2>&1 || phx_die 73 "locale-gen failed: $(tail -n 1 "$phx_tmp/locale.log")"
  fi
  ;;
esac
phx_text "LANG=$PHX_LOCALE" /etc/default/locale 0644

if [ "$PHX_AUTOMATIC_UPDATES" = true ]; then
  phx_put /etc/apt/apt.conf.d/52phx-updates 0644 <<'END'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
END
else
  phx_delete /etc/apt/apt.conf.d/52phx-updates
fi
phx_end
