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

# What the words below have to repeat of the arguments, so that they can be copied as they stand.
listen=${SIGNALBOX_LISTEN:-127.0.0.1:8787}
same=()
arguments=("$@")
for ((i = 0; i < $#; i++)); do
    case ${arguments[i]} in
        --listen=*) listen=${arguments[i]#--listen=} ;;
        --listen) listen=${arguments[i + 1]:-$listen} ;;
        --demo | --data=*) same+=("${arguments[i]}") ;;
        --data) same+=(--data "${arguments[i + 1]:-}") ;;
    esac
done

binary=$repository/build/release/app/desktop/signalbox
daemon=$repository/build/release/app/server/signalboxd
[[ $program == signalboxd ]] && binary=$daemon

first="A provider and a route: in the window, or from a file (README.md has one to begin with):
       $daemon${same[*]:+ ${same[*]}} config apply gateway.yaml"
[[ " ${same[*]} " == *" --demo "* ]] && first="Providers and routes are there already: this is the demo, everything in it is simulated."
cat >&2 <<WORDS

Signalbox will answer on http://$listen. The first call:

  1. $first
  2. A key, shown once:
       $daemon${same[*]:+ ${same[*]}} key create --name first
  3. The call, with that key:
       curl http://$listen/v1/chat/completions \\
         -H "Authorization: Bearer \$SIGNALBOX_KEY" -H "Content-Type: application/json" \\
         -d '{"model": "smart", "messages": [{"role": "user", "content": "Hello"}]}'

WORDS
has_display || say "No display: starting the daemon. It runs until Ctrl-C."
exec "$binary" "$@"
