#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails where a call asks the allocator more often than it used to: counts hold on a busy machine, where times do not.

  call_costs.py BUILD_FOLDER
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench import Bench
from peers import LOAD_CORE, Signalbox, pinned

# Allocations of all threads for each call, the call log's included: what is measured on a quiet machine, and a third more.
MOST = {"bench": 9, "s3x0": 12, "bench-anthropic": 90, "bench-gemini": 80}


def main():
    build = Path(sys.argv[1]).resolve()
    failed = []
    with tempfile.TemporaryDirectory(prefix="signalbox-costs-") as folder:
        upstream = subprocess.Popen(pinned(LOAD_CORE, [build / "tests/bench/bench_upstream"]), stdout=subprocess.PIPE, text=True)
        gateway = Signalbox(f"{folder}/signalbox", int(upstream.stdout.readline()), build / "app/server/signalboxd", False)
        try:
            gateway.prepare()
            gateway.start(build / "tests/bench/libcount_allocations.so")
            bench = Bench(build, [gateway], 1, 1)
            for model, most in MOST.items():
                count = bench.allocations(gateway, model)
                print(f"{model}: {count:.1f} allocations a call, at most {most}")
                if count > most:
                    failed.append(model)
        finally:
            gateway.stop()
            upstream.kill()
    sys.exit(f"more than before: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
