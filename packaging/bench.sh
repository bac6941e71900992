#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the performance table for Signalbox and every peer that is installed, in one run. Needs two idle cores.
#   packaging/bench.sh [--quick] [--rounds N] [--only signalbox,nginx,portkey] [--binary PATH]
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/common.sh"

"$here/setup.sh" --check
configure_and_build release signalboxd bench_load bench_upstream
"$repository/tests/bench/install_peers.sh" "$repository/build/release/peers" ||
    say "Portkey could not be installed from npm (words above); the table goes without it."
say "Measuring; some minutes"
exec python3 "$repository/tests/bench/bench.py" --build "$repository/build/release" "$@" </dev/null
