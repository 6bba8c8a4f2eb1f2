# What the scripts in tools/ share: where the tree is, how to speak, how many jobs. Sourced, not run.

set -euo pipefail
export LC_ALL=C.UTF-8

vellum_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"

say() { printf '%s\n' "==> $*" >&2; }

die() {
  printf '%s\n' "$(basename "$0"): $*" >&2
  exit 1
}

# One compiler for each processor, but not more than memory carries: an Asio translation unit takes about 1.5 GB.
build_jobs() {
  local cores memory_kb by_memory
  cores="$(nproc)"
  memory_kb="$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)"
  by_memory=$((memory_kb / 1500000))
  if ((by_memory < 1)); then by_memory=1; fi
  if ((cores < by_memory)); then echo "$cores"; else echo "$by_memory"; fi
}

# configure_preset PRESET: configures build/PRESET, through ccache if it is there.
configure_preset() {
  local options=()
  if command -v ccache > /dev/null; then options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  (cd "$vellum_root" && cmake --preset "$1" "${options[@]}" > "$vellum_root/build/$1.configure.log" 2>&1) || {
    cat "$vellum_root/build/$1.configure.log" >&2
    die "cannot configure build/$1"
  }
}
