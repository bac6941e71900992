#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Puts the peers that come from a registry into a folder of their own: install_peers.sh FOLDER. nginx comes from Debian.
set -euo pipefail
folder=$1
portkey=1.15.2
[[ -e $folder/portkey-$portkey ]] && exit 0
mkdir -p "$folder"
cd "$folder"
npm install --no-package-lock --no-save --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-timeout=60000 "@portkey-ai/gateway@$portkey" </dev/null
touch "portkey-$portkey"
