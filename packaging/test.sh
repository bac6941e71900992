#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds everything with its tests, and runs them all. Ends in ctest's own summary and its verdict.
# Arguments go to ctest:  packaging/test.sh -L gateway     packaging/test.sh -R tst_Breaker
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/common.sh"

"$here/setup.sh"
configure_and_build release

say "Preparing the SDKs that the tests call through (openai for Python and for Node)"
"$repository/tests/sdk/prepare.sh" "$repository/build/sdk" ||
    say "The SDKs could not be installed from their registries (PyPI, npm; words above): the tests that need them will show as skipped."

# Recordings of providers' traffic lie beside the repository where they are; the tests that read them say so where not.
if [[ -z ${SIGNALBOX_WIRE_FIXTURES:-} ]]; then
    for place in "$repository/../shared/data/wire" "$repository/../data/wire"; do
        [[ -d $place ]] && export SIGNALBOX_WIRE_FIXTURES=$(cd "$place" && pwd) && break
    done
fi
say "Recorded traffic: ${SIGNALBOX_WIRE_FIXTURES:-none found; the tests that read it skip with a word}"

say "Running the tests"
cd "$repository"
exec ctest --preset release -j "$(nproc)" "$@" </dev/null
