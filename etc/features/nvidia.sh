#!/bin/sh
# NVIDIA's driver: its user-space part in containers.
set -eu

case $PHX_GUEST_KIND in
container) phx_begin 1500 ;;
*) phx_begin 3000 ;;
esac

# Of the driver that the kernel has loaded: in a container that is the host's.
loaded=/proc/driver/nvidia/version
host_version=
if [ -r $loaded ]; then
  host_version=$(sed -n 's/^NVRM version:.*Kernel Module\( for [^ ]*\)\{0,1\}  *\([0-9][0-9.]*\) .*/\2/p' $loaded)
fi

machine() {
  case $phx_arch in
  amd64) echo x86_64 ;;
  arm64) echo aarch64 ;;
  esac
}

# The version of the user-space part that is installed; nothing when there is none.
installed_version() {
  command -v nvidia-smi >/dev/null || return 0
  nvidia-smi -h 2>/dev/null | sed -n 's/^NVIDIA System Management Interface -- v//p'
}

# NVIDIA's own installer, which has every version: run_installer VERSION OPTION...
run_installer() {
  version=$1
  shift
  phx_param version "$version" '[0-9]+(\.[0-9]+){1,2}' 'a version such as 550.163.01'
  if phx_have nvidia "$version $*" && [ "$(installed_version)" = "$version" ]; then
    return 0
  fi
  case $phx_arch in
  amd64) directory=Linux-x86_64 ;;
  arm64) directory=Linux-aarch64 ;;
  esac
  run=NVIDIA-Linux-$(machine)-$version.run
  phx_apt_install ca-certificates curl kmod xz-utils
  phx_sum "${PHX_SHA256:+$phx_arch $PHX_SHA256}" "$PHX_URL/$directory/$version/$run.sha256sum" "$run"
  phx_fetch "$PHX_URL/$directory/$version/$run" "$phx_sum_found" "$phx_tmp/$run"
  phx_say "installing the driver $version"
  if ! sh "$phx_tmp/$run" --silent --tmpdir "$phx_tmp" --no-x-check --no-nouveau-check --no-questions "$@" \
    >"$phx_tmp/installer.log" 2>&1; then
    sed 's/^/nvidia: /' "$phx_tmp/installer.log" | tail -n 20 >&2
    phx_die 74 "NVIDIA's installer failed, see above and /var/log/nvidia-installer.log"
  fi
  phx_installed nvidia "$version $*"
}

in_container() {
  [ -n "$host_version" ] ||
    phx_die 78 "the host's NVIDIA driver is not to be seen in $loaded: is it loaded there, and does the container have \`gpu\`?"
  if [ -n "${PHX_VERSION:-}" ] && [ "$PHX_VERSION" != "$host_version" ]; then
    phx_die 64 "the parameter version is $PHX_VERSION, and the host's driver is $host_version: they must be the same; leave the parameter out"
  fi
  run_installer "$host_version" --no-kernel-modules --no-install-compat32-libs
  [ "$(installed_version)" = "$host_version" ] ||
    phx_die 74 "nvidia-smi says it is of version \`$(installed_version)\`; the host's driver is $host_version"
}

machine_packages() {
  if [ -n "${PHX_PACKAGES:-}" ]; then
    # shellcheck disable=SC2086 # a list of package names
    phx_apt_install $PHX_PACKAGES
    return
  fi
  case $phx_os in
  debian)
    components='contrib non-free'
    [ "$phx_release" = 11 ] || components="$components non-free-firmware"
    phx_apt_source phx-nvidia <<END
Types: deb
URIs: $PHX_MIRROR
Suites: $phx_codename
Components: $components
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
    phx_apt_install "linux-headers-$phx_arch" nvidia-driver firmware-misc-nonfree nvidia-smi
    ;;
  ubuntu)
    phx_apt_install ubuntu-drivers-common
    ubuntu-drivers install --gpgpu >"$phx_tmp/drivers.log" 2>&1 ||
      phx_die 69 "ubuntu-drivers failed: $(tail -n 1 "$phx_tmp/drivers.log")"
    ;;
  esac
}

in_machine() {
  if [ -n "${PHX_VERSION:-}" ]; then
    case $phx_os in
    debian) phx_apt_install build-essential dkms "linux-headers-$phx_arch" ;;
    ubuntu) phx_apt_install build-essential dkms linux-headers-generic ;;
    esac
    run_installer "$PHX_VERSION" --dkms --disable-nouveau
  else
    machine_packages
  fi
  phx_put /etc/modprobe.d/phx-nvidia.conf 0644 <<'END'
# The free driver and NVIDIA's cannot both have the card.
blacklist nouveau
options nouveau modeset=0
END
  if [ "$phx_put_changed" -eq 1 ] && command -v update-initramfs >/dev/null; then
    update-initramfs -u >"$phx_tmp/initramfs.log" 2>&1 ||
      phx_die 73 "update-initramfs failed: $(tail -n 1 "$phx_tmp/initramfs.log")"
  fi
  [ -n "$host_version" ] || phx_say 'the driver is loaded when the machine starts the next time'
}

cuda_packages() {
  [ -n "${PHX_CUDA:-}" ] || return 0
  phx_param cuda "$PHX_CUDA" '[0-9]+-[0-9]+' 'a version such as 12-8'
  distribution=$phx_os$(printf '%s' "$phx_release" | tr -d .)
  case $phx_arch in
  amd64) base=$PHX_CUDA_URL/$distribution/x86_64 ;;
  arm64) base=$PHX_CUDA_URL/$distribution/sbsa ;;
  esac
  phx_apt_install ca-certificates
  # The key's file is called after the last eight digits of its fingerprint.
  short=$(printf '%s' "$PHX_CUDA_KEY_FINGERPRINT" | tail -c 8 | tr '[:upper:]' '[:lower:]')
  phx_apt_key phx-cuda "$base/$short.pub" "$PHX_CUDA_KEY_FINGERPRINT"
  phx_apt_source phx-cuda <<END
Types: deb
URIs: $base
Suites: /
Signed-By: /etc/apt/keyrings/phx-cuda.asc
END
  phx_apt_install "cuda-toolkit-$PHX_CUDA"
}

if phx_is_container; then
  in_container
else
  in_machine
fi
cuda_packages
phx_end
