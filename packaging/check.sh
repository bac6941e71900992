#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The longer checks, each by its name or all of them:
#   packaging/check.sh asan|tsan|fuzz|budgets|soak|outage|crash|faults|bench|all
# FUZZ_SECONDS (600, shared by all fuzzers), BUDGET_CALLS (100,000), SOAK_MINUTES (30) and CRASH_ROUNDS (10) may be set.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/common.sh"

# The gateway's tests, and those of the daemon as a whole process.
# gateway_tests PRESET: a starved test may be tried again (CTEST_TRIES), but what a sanitizer reports once fails the check:
# reports go into files, which no second try takes back; those of UBSan, which beside ASan knows no file, are in CTest's log.
gateway_tests()
{
    local reports=$repository/build/$1/reports passed=true
    configure_and_build "$1"
    find_recordings
    rm -rf "$reports"
    mkdir -p "$reports"
    export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=0}:log_path=$reports/address
    export UBSAN_OPTIONS=print_stacktrace=1
    # Some tests start threads in a process of their own that they forked.
    export TSAN_OPTIONS=${TSAN_OPTIONS:-second_deadlock_stack=1}:die_after_fork=0:suppressions=$repository/packaging/tsan.supp:log_path=$reports/thread
    say "Running the gateway's tests under $1"
    (cd "$repository" && ctest --preset "$1" -LE 'sdk|soak|crash' -j "$(nproc)" --repeat "until-pass:${CTEST_TRIES:-1}" </dev/null) || passed=false
    grep -hs ': runtime error: ' "$repository/build/$1/Testing/Temporary/LastTest.log" >"$reports/undefined" || rm "$reports/undefined"
    if compgen -G "$reports/*" >/dev/null; then
        cat "$reports"/* >&2
        fail "The sanitizers reported what stands above; the files are in $reports."
    fi
    $passed
}

check_asan() { gateway_tests asan; }
check_tsan() { gateway_tests tsan; }

check_fuzz()
{
    configure_and_build fuzz
    local fuzzers seconds name corpus
    mapfile -t fuzzers < <(find "$repository/build/fuzz/tests/fuzz" -maxdepth 1 -type f -executable -name 'fuzz_*' | sort)
    ((${#fuzzers[@]})) || fail "No fuzzer was built in build/fuzz/tests/fuzz."
    seconds=$((${FUZZ_SECONDS:-600} / ${#fuzzers[@]}))
    for fuzzer in "${fuzzers[@]}"; do
        name=$(basename "$fuzzer")
        corpus=$repository/build/fuzz/corpus/$name
        mkdir -p "$corpus"
        say "$name for $seconds s"
        (cd "$corpus/.." && "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 "$corpus" \
            $([[ -d $repository/tests/fuzz/corpus/${name#fuzz_} ]] && echo "$repository/tests/fuzz/corpus/${name#fuzz_}") </dev/null)
    done
}

# Random calls with random faults and callers who leave: what the records say is what every scope has spent, to the nano-dollar.
check_budgets()
{
    configure_and_build release tst_budgets
    SIGNALBOX_CALLS=${BUDGET_CALLS:-100000} QTEST_FUNCTION_TIMEOUT=3600000 "$repository/build/release/tests/integration/tst_budgets" recordsAddUpToTheSpend </dev/null
}

check_soak()
{
    configure_and_build release signalboxd fake_provider_server
    python3 "$repository/tests/soak/soak.py" --build "$repository/build/release" --minutes "${SOAK_MINUTES:-30}"
}

check_outage()
{
    configure_and_build release signalboxd fake_provider_server
    python3 "$repository/tests/soak/outage.py" --build "$repository/build/release"
}

# What Signalbox does when upstream fails, beside Portkey where npm gives it.
check_faults()
{
    configure_and_build release signalboxd fake_provider_server
    "$repository/tests/bench/install_peers.sh" "$repository/build/release/peers" || say "Portkey could not be installed from npm (words above); the table goes without it."
    python3 "$repository/tests/bench/faults.py" --build "$repository/build/release"
}

check_crash()
{
    configure_and_build release signalboxd bench_load bench_upstream
    python3 "$repository/tests/integration/crash/crash.py" --build "$repository/build/release" --rounds "${CRASH_ROUNDS:-10}"
}

check_bench() { "$here/bench.sh"; }

(($#)) || set -- all
[[ $* == all ]] && set -- asan tsan fuzz budgets soak outage crash faults bench
for check in "$@"; do
    declare -F "check_$check" >/dev/null || fail "check.sh: what is '$check'? Known: asan tsan fuzz budgets soak outage crash faults bench all."
done
case " $* " in
    *' fuzz '* | *' faults '* | *' bench '*) "$here/setup.sh" --check ;;
    *) "$here/setup.sh" ;;
esac
for check in "$@"; do
    say "Check: $check"
    "check_$check"
done
say "Done: $*"
