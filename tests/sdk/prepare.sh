#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the pinned SDKs, and a Prometheus, into a folder, once: prepare.sh FOLDER. Needs PyPI, npm and Debian's archive; leaves alone what is there already.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
exec </dev/null
failed=0

# install_python LIST VENV MARK
install_python() {
    cmp -s "$here/$1" "$folder/$3" && return
    rm -rf "${folder:?}/$2"
    if /usr/bin/python3 -m venv "$folder/$2" &&
        "$folder/$2/bin/pip" install --quiet --no-input --disable-pip-version-check --only-binary :all: --timeout 60 --retries 2 -r "$here/$1"; then
        cp "$here/$1" "$folder/$3"
    else
        failed=1
    fi
}
install_python requirements.txt venv python.installed
install_python fuzz_requirements.txt fuzz fuzz.installed # asks the admin API what its own description allows
install_python otlp_requirements.txt otlp otlp.installed # OpenTelemetry's own messages

if ! cmp -s "$here/package.json" "$folder/node.installed"; then
    cp "$here/package.json" "$folder/package.json"
    if (cd "$folder" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-timeout=60000 --fetch-retries=2); then
        cp "$here/package.json" "$folder/node.installed"
    else
        failed=1
    fi
fi

# Debian's Prometheus, unpacked: installed, it would run as a service of this machine.
if [[ ! -x $folder/prometheus/usr/bin/prometheus ]]; then
    rm -rf "$folder/prometheus" "$folder/prometheus.deb"
    mkdir "$folder/prometheus.deb"
    if (cd "$folder/prometheus.deb" && apt-get download -qq prometheus) && dpkg-deb -x "$folder"/prometheus.deb/*.deb "$folder/prometheus"; then
        rm -r "$folder/prometheus.deb"
    else
        rm -rf "$folder/prometheus"
        failed=1
    fi
fi
exit $failed
