#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh Debian 12 to a running gateway: installs what is missing, builds, starts the window where there is a display
# and the daemon where there is none. Arguments go through:  packaging/run.sh --demo   or   packaging/run.sh --listen 127.0.0.1:9000
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/common.sh"

"$here/setup.sh"

has_display() { [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} ]]; }
program=signalboxd
has_display && program=signalbox
configure_and_build release "$program" signalboxd

listen=${SIGNALBOX_LISTEN:-127.0.0.1:8787}
for ((i = 1; i <= $#; i++)); do
    [[ ${!i} == --listen=* ]] && listen=${!i#--listen=}
    if [[ ${!i} == --listen ]]; then
        next=$((i + 1))
        listen=${!next:-$listen}
    fi
done

binary=$repository/build/release/app/desktop/signalbox
daemon=$repository/build/release/app/server/signalboxd
[[ $program == signalboxd ]] && binary=$daemon

cat >&2 <<WORDS

Signalbox answers on http://$listen as soon as it says so. The first call:

  1. A provider and a route: in the window under Providers, or with --demo, or from a file:
       $daemon config apply gateway.yaml          (README.md has a file to begin with)
  2. A key (shown once):
       $daemon key create --name first
  3. The call:
       curl http://$listen/v1/chat/completions \\
         -H "Authorization: Bearer \$SIGNALBOX_KEY" -H "Content-Type: application/json" \\
         -d '{"model": "demo", "messages": [{"role": "user", "content": "Hello"}]}'

WORDS
has_display || say "No display: starting the daemon. It runs until Ctrl-C."
exec "$binary" "$@"
