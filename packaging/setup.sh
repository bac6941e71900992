#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian packages that Signalbox needs and this machine lacks; says which. Does nothing where none is missing.
#   packaging/setup.sh [--check]     --check: also those of the longer checks (fuzzers, benchmark)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

group=
case ${1:-} in
    --check) group=check ;;
    '') ;;
    *) fail "setup.sh: what is '$1'? Only --check is known." ;;
esac

mapfile -t missing < <(missing_packages "$group")
if ((${#missing[@]} == 0)); then
    say "Everything that is needed is installed."
    exit 0
fi

command -v apt-get >/dev/null || fail "These packages are missing, and this is no Debian on which they could be installed: ${missing[*]}"
become_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "These packages are missing: ${missing[*]}. Install them as root: apt-get install ${missing[*]}"
    become_root=(sudo)
    # Asking for a password needs somebody who can type one.
    [[ -t 0 ]] || become_root=(sudo -n)
fi

say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
"${become_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null ||
    say "apt-get update did not get through; trying with the lists that are there."
"${become_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null ||
    fail "apt-get could not install them; its words are above."
