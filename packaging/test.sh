#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds everything with its tests, and runs them all. Ends in ctest's own summary and its verdict.
# Arguments go to ctest:  packaging/test.sh -L gateway     packaging/test.sh -R tst_Breaker
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/common.sh"

"$here/setup.sh"
configure_and_build release

say "Preparing the SDKs that the tests call through (OpenAI's, Anthropic's and Google's, LangChain and the AI SDK, for Python and for Node)"
"$repository/tests/sdk/prepare.sh" "$repository/build/sdk" ||
    say "The SDKs could not be installed from their registries (PyPI, npm; words above): the tests that need them will show as skipped."

find_recordings
say "Running the tests"
cd "$repository"
exec ctest --preset release -j "$(nproc)" --repeat "until-pass:${CTEST_TRIES:-1}" "$@" </dev/null
