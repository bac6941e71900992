# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the scripts beside it: where things are, how words come out, what is installed.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DEBIAN_FRONTEND=noninteractive
export CCACHE_DIR=${CCACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/ccache}
export CCACHE_BASEDIR=$repository CCACHE_NOHASHDIR=true # a clone elsewhere finds what another one compiled

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# The names in packages.txt that this machine lacks; with "check" those of the longer checks too.
missing_packages()
{
    local entry package command
    while read -r entry group; do
        [[ -z $entry || $entry == \#* ]] && continue
        [[ ${group:-} == @check && ${1:-} != check ]] && continue
        package=${entry%%:*}
        command=${entry#"$package"}
        command=${command#:}
        if [[ -n $command ]]; then
            PATH=$PATH:/usr/sbin command -v "$command" >/dev/null || printf '%s\n' "$package"
        else
            dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
        fi
    done <"$repository/packaging/packages.txt"
}

# How many compilers may run at once: no more than cores, and one for each 2 GB of memory.
jobs_that_fit()
{
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable/ { print int($2 / 2000000) }' /proc/meminfo)
    ((memory < 1)) && memory=1
    echo $((cores < memory ? cores : memory))
}

# configure_and_build PRESET [target...]
configure_and_build()
{
    local preset=$1
    shift
    say "Configuring the $preset build in build/$preset"
    local words
    words=$(cd "$repository" && cmake --preset "$preset" 2>&1) || { printf '%s\n' "$words" >&2; fail "CMake found something missing; see above. packaging/setup.sh installs what is needed."; }
    say "Building $preset ($(jobs_that_fit) jobs; a first build takes some minutes, ccache makes the next ones short)"
    (cd "$repository" && cmake --build --preset "$preset" -j "$(jobs_that_fit)" ${1:+--target "$@"})
}

# Recordings of providers' traffic lie beside the repository, where they are; the tests that read them skip with a word
# where not. Sets SIGNALBOX_WIRE_FIXTURES.
find_recordings()
{
    local place
    for place in "$repository/../shared/data/wire" "$repository/../data/wire"; do
        if [[ -z ${SIGNALBOX_WIRE_FIXTURES:-} && -d $place ]]; then
            SIGNALBOX_WIRE_FIXTURES=$(cd "$place" && pwd)
            export SIGNALBOX_WIRE_FIXTURES
        fi
    done
    say "Recorded traffic: ${SIGNALBOX_WIRE_FIXTURES:-none found; the tests that read it will skip}"
}
