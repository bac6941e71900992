#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the pinned SDKs into a folder, once: prepare.sh FOLDER. Needs PyPI and npm; leaves alone what is there already.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
exec </dev/null
failed=0

if ! cmp -s "$here/requirements.txt" "$folder/python.installed"; then
    rm -rf "$folder/venv"
    if /usr/bin/python3 -m venv "$folder/venv" &&
        "$folder/venv/bin/pip" install --quiet --no-input --disable-pip-version-check --only-binary :all: --timeout 60 --retries 2 -r "$here/requirements.txt"; then
        cp "$here/requirements.txt" "$folder/python.installed"
    else
        failed=1
    fi
fi

if ! cmp -s "$here/package.json" "$folder/node.installed"; then
    cp "$here/package.json" "$folder/package.json"
    if (cd "$folder" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-timeout=60000 --fetch-retries=2); then
        cp "$here/package.json" "$folder/node.installed"
    else
        failed=1
    fi
fi
exit $failed
