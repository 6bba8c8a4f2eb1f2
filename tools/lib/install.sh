# install_packages [LIST...]: installs what the lists beside this file name and this machine lacks, with apt, as root or
# through sudo. Without a list it is packages.txt: all that building and testing needs.
#
# Says what it installs, asks nothing, does nothing if nothing is missing, and never removes a package: where one of ours
# conflicts with one that is installed (libboost1.81-dev with the default libboost-dev), apt's own message says so and the
# install stops. Sourced after common.sh.

wanted_packages() {
  local list
  for list in "${@:-packages.txt}"; do sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$vellum_root/tools/lib/$list"; done
}

missing_packages() {
  local package
  for package in $(wanted_packages "$@"); do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2> /dev/null | grep -qx installed || echo "$package"
  done
}

# as_root COMMAND...: runs it as root, through sudo where needed.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    die "packages are missing and sudo is not installed; run this as root: $*"
  fi
}

install_packages() {
  local missing apt_options=(-y -q -o DPkg::Lock::Timeout=120)
  command -v dpkg-query > /dev/null || die "this is not Debian: install what tools/lib/packages.txt names by hand"
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then return; fi
  say "installing with apt: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get "${apt_options[@]}" update < /dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get "${apt_options[@]}" install --no-install-recommends --no-remove \
    "${missing[@]}" < /dev/null
}
