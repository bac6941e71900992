#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the performance table for Signalbox and every peer that is installed, side by side, from one run.

The gateway is pinned to core 0, load generator and mock upstream to core 1. All gateways are up the whole time and are
measured in turn, round by round; medians with [min..max] over the rounds. 1 KB requests, 1.2 KB answers, loopback.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from peers import LOAD_CORE, Direct, Nginx, Portkey, Signalbox, pinned, processes_of


def say(words):
    print(words, file=sys.stderr, flush=True)


class Bench:
    def __init__(self, build, gateways, rounds, seconds):
        self.load = build / "tests/bench/bench_load"
        self.counter = build / "tests/bench/libcount_allocations.so"
        self.gateways = gateways
        self.rounds = rounds
        self.seconds = seconds
        self.figures = {}  # (row, gateway) -> values of the rounds

    def note(self, row, gateway, value):
        self.figures.setdefault((row, gateway.name), []).append(value)

    def run_load(self, gateway, mode, *options):
        command = pinned(LOAD_CORE, [self.load, mode, "--port", gateway.port, *gateway.load_options, *options])
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=180)
        if done.returncode:
            raise RuntimeError(f"{gateway.name}: {' '.join(command)} failed with {done.returncode}")
        return json.loads(done.stdout)

    def cpu_per_call(self, gateway, *options):
        """Microseconds of the gateway's CPU for each call of a closed loop, in all and by thread, and the load's figures."""
        before = gateway.cpu_seconds()
        result = self.run_load(gateway, "closed", "--seconds", self.seconds, *options)
        after = gateway.cpu_seconds()
        calls = max(result["answered"], 1)
        threads = {name: (spent - before.get(name, 0)) / calls * 1e6 for name, spent in after.items()}
        if result["errors"]:
            self.note("errors", gateway, result["errors"])
        return sum(threads.values()), threads, result

    def throughput(self, gateway):
        if gateway.name == "direct":
            self.note("calls/s", gateway, self.run_load(gateway, "closed", "--seconds", self.seconds)["calls_per_s"])
            return
        cost, threads, result = self.cpu_per_call(gateway)
        self.note("calls/s", gateway, result["calls_per_s"])
        self.note("cpu", gateway, cost)
        for name, value in threads.items():
            self.note("thread " + name, gateway, value)

    def long_prompt(self, gateway):
        """What a prompt of 100 KB costs more than one of 1 KB: only scanned and passed on, it should be little."""
        short = self.cpu_per_call(gateway)[0]
        self.note("long prompt", gateway, self.cpu_per_call(gateway, "--size", 100 * 1024)[0] - short)

    def translation(self, gateway):
        """CPU of calls to a provider of another format, as a multiple of the same calls passed through."""
        for form, model in (("whole", "bench"), ("stream", "s50x0")):
            passed = self.cpu_per_call(gateway, "--model", model)[0]
            self.note(f"{form} passed", gateway, passed)
            for provider in ("anthropic", "gemini"):
                self.note(f"{form} {provider}", gateway, self.cpu_per_call(gateway, "--model", f"{model}-{provider}")[0] / passed)

    def latency(self, gateway):
        result = self.run_load(gateway, "open", "--rate", 200, "--seconds", self.seconds)["latency"]
        self.note("latency p50", gateway, result["p50_us"] / 1000)
        self.note("latency p99", gateway, result["p99_us"] / 1000)
        result = self.run_load(gateway, "open", "--rate", 200, "--seconds", self.seconds, "--model", "s3x0")["first_token"]
        self.note("first token p50", gateway, result["p50_us"] / 1000)
        self.note("first token p99", gateway, result["p99_us"] / 1000)

    def streams(self, gateway, count=1000, model="s50x20"):
        peak = 0.0
        done = threading.Event()

        def watch():
            nonlocal peak
            while not done.wait(0.1):
                peak = max(peak, gateway.memory_mb())

        watcher = None
        if gateway.name != "direct":
            watcher = threading.Thread(target=watch)
            watcher.start()
        try:
            result = self.run_load(gateway, "streams", "--connections", count, "--model", model, "--warmup", 2, "--seconds", max(self.seconds, 4))
        finally:
            done.set()
            if watcher:
                watcher.join()
        return result, peak

    def thousand_streams(self, gateway):
        result, peak = self.streams(gateway)
        self.note("chunk p50", gateway, result["chunk_delay"]["p50_us"] / 1000)
        self.note("chunk p99", gateway, result["chunk_delay"]["p99_us"] / 1000)
        self.note("stream errors", gateway, result["errors"] + result["stalled"])
        if gateway.name != "direct":
            self.note("memory streams", gateway, peak)

    def many_streams(self, gateway, count):
        result, peak = self.streams(gateway, count, "s20x1000")
        self.note("many streams bad", gateway, result["errors"] + result["stalled"])
        self.note("many chunk p99", gateway, result["chunk_delay"]["p99_us"] / 1000)
        if gateway.name != "direct":
            self.note("many memory", gateway, peak)

    def idle_connections(self, gateway):
        without = self.cpu_per_call(gateway)[0]
        command = pinned(LOAD_CORE, [self.load, "idle", "--port", gateway.port, "--connections", 5000, *gateway.load_options])
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
            try:
                if not holder.stdout.readline():
                    raise RuntimeError(f"{gateway.name} did not take 5,000 connections")
                with_idle = self.cpu_per_call(gateway)[0]
            finally:
                holder.kill()
        self.note("idle", gateway, with_idle / without)

    def allocations(self, gateway, model):
        """Of the whole process, which was started with the counter, for each call."""
        self.run_load(gateway, "closed", "--seconds", 0.5, "--warmup", 0, "--model", model)  # pools fill up
        before = gateway.allocations()
        result = self.run_load(gateway, "closed", "--seconds", 1, "--warmup", 0, "--model", model)
        return (gateway.allocations() - before) / max(result["answered"], 1)

    def counts(self, gateway):
        """What holds on a busy machine too: allocations and system calls of the whole process for each call."""
        gateway.stop()
        gateway.start(self.counter)
        for row, model in (("allocations", "bench"), ("allocations stream", "s3x0")):
            self.note(row, gateway, self.allocations(gateway, model))
        gateway.stop()
        gateway.start()
        if not shutil.which("strace"):
            return
        summary = gateway.folder / "system-calls"
        pids = [option for pid in processes_of(gateway.process.pid) for option in ("-p", str(pid))]
        with subprocess.Popen(["strace", "-c", "-U", "calls,name", "-f", "-o", summary, *pids], stderr=subprocess.DEVNULL) as tracer:
            time.sleep(0.5)  # it has no way to say that it is attached
            result = self.run_load(gateway, "closed", "--seconds", 1, "--warmup", 0)
            tracer.send_signal(signal.SIGINT)
        for line in summary.read_text().splitlines():
            if line.endswith(" total"):
                self.note("system calls", gateway, int(line.split()[0]) / max(result["answered"], 1))

    def starts(self, gateway):
        gateway.stop()
        self.note("start", gateway, gateway.start() * 1000)

    def run_costs(self):
        """What a call costs alone, each gateway right after the other: small differences need many short rounds."""
        for _ in range(self.rounds):
            for gateway in self.gateways:
                self.attempt(gateway, lambda: self.throughput(gateway))

    def run(self, many):
        for gateway in self.gateways[1:]:  # before the first load; the first one is the mock upstream itself
            self.note("memory idle", gateway, gateway.memory_mb())
        measures = {
            self.throughput: (),
            self.long_prompt: ("nginx", "signalbox"),
            self.translation: ("signalbox",),
            self.latency: ("direct", "nginx", "signalbox", "portkey"),
            self.thousand_streams: ("direct", "nginx", "signalbox", "portkey"),
        }
        for number in range(self.rounds):
            say(f"round {number + 1} of {self.rounds}")
            for measure, names in measures.items():
                for gateway in self.gateways:
                    if names and gateway.name not in names:
                        continue
                    say(f"  {measure.__name__}: {gateway.name}")
                    self.attempt(gateway, lambda: measure(gateway))
        for gateway in self.gateways:
            if gateway.name in ("direct", "signalbox+bodies"):
                continue
            say(f"  idle connections, {many} streams, counts, start: {gateway.name}")
            self.attempt(gateway, lambda: self.idle_connections(gateway))
            if gateway.name != "portkey":  # it is full long before
                self.attempt(gateway, lambda: self.many_streams(gateway, many))
            self.attempt(gateway, lambda: self.counts(gateway))
            for _ in range(3):
                self.attempt(gateway, lambda: self.starts(gateway))

    def attempt(self, gateway, measure):
        """One that fails leaves a hole in its own column, and says so; the others go on."""
        try:
            measure()
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
            say(f"    failed: {problem}")
            if gateway.process is not None and gateway.process.poll() is not None:
                say(f"    {gateway.name} has ended by itself ({gateway.process.returncode}); starting it again")
                gateway.start()

    # --- the table

    def value(self, row, gateway):
        values = self.figures.get((row, gateway.name))
        return statistics.median(values) if values else None

    def cell(self, row, gateway, digits=1, base=None):
        values = self.figures.get((row, gateway.name))
        if not values:
            return "-"
        shift = self.value(row, base) if base else 0
        low, high = min(values) - shift, max(values) - shift
        sign = "+" if base else ""
        middle = f"{statistics.median(values) - shift:{sign},.{digits}f}"
        return middle if len(values) == 1 else f"{middle} [{low:,.{digits}f}..{high:,.{digits}f}]"

    def table(self, many):
        direct = next(gateway for gateway in self.gateways if gateway.name == "direct")
        rows = [
            ("CPU per call, us", "cpu", 1, None),
            ("calls/s, one core, 64 connections", "calls/s", 0, None),
            ("CPU for a 100 KB prompt above that for 1 KB, us", "long prompt", 1, None),
            ("OpenAI to Anthropic, CPU / passed through", "whole anthropic", 2, None),
            ("OpenAI to Gemini, CPU / passed through", "whole gemini", 2, None),
            ("CPU of a stream of 50 events, us", "stream passed", 1, None),
            ("such a stream to Anthropic, CPU / passed through", "stream anthropic", 2, None),
            ("such a stream to Gemini, CPU / passed through", "stream gemini", 2, None),
            ("latency at 200/s, p50, ms (direct) / added", "latency p50", 3, direct),
            ("latency at 200/s, p99, ms (direct) / added", "latency p99", 3, direct),
            ("first token at 200/s, p50, ms (direct) / added", "first token p50", 3, direct),
            ("first token at 200/s, p99, ms (direct) / added", "first token p99", 3, direct),
            ("chunk delay, 1,000 streams, p50, ms", "chunk p50", 3, None),
            ("chunk delay, 1,000 streams, p99, ms", "chunk p99", 3, None),
            ("1,000 streams: errors and stalls", "stream errors", 0, None),
            (f"{many:,} streams: errors and stalls", "many streams bad", 0, None),
            (f"{many:,} streams: chunk delay p99, ms", "many chunk p99", 3, None),
            ("memory idle, MB", "memory idle", 1, None),
            ("memory with 1,000 streams, MB", "memory streams", 1, None),
            (f"memory with {many:,} streams, MB", "many memory", 1, None),
            ("CPU per call with 5,000 idle connections / none", "idle", 2, None),
            ("start: exec to first answered call, ms", "start", 0, None),
            ("allocations per call", "allocations", 1, None),
            ("allocations per stream of 3 events", "allocations stream", 1, None),
            ("system calls per call", "system calls", 1, None),
            ("failed calls", "errors", 0, None),
        ]
        lines = [["figure", *(gateway.name for gateway in self.gateways)]]
        for label, row, digits, base in rows:
            cells = [self.cell(row, gateway, digits, base if gateway is not direct else None) for gateway in self.gateways]
            if set(cells) != {"-"}:
                lines.append([label, *cells])
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        for number, line in enumerate(lines):
            print("| " + " | ".join(text.ljust(width) for text, width in zip(line, widths)) + " |")
            if number == 0:
                print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
        self.print_ratios()

    def print_ratios(self):
        by_name = {gateway.name: gateway for gateway in self.gateways}
        ours = by_name.get("signalbox")
        if not ours:
            return
        for name in ("nginx", "portkey"):
            peer = by_name.get(name)
            if peer and self.value("cpu", peer):
                print(f"signalbox / {name}: CPU per call {self.value('cpu', ours) / self.value('cpu', peer):.2f} x, calls/s {self.value('calls/s', ours) / self.value('calls/s', peer):.2f} x")
        governed = by_name.get("signalbox+budgets")
        if governed and self.value("cpu", governed):
            print(f"budgets and limits of organisation, team, key and provider: {self.value('cpu', governed) - self.value('cpu', ours):+.1f} us of CPU a call; wanted: at most 2")
        for gateway in self.gateways:
            if gateway.name.startswith("signalbox"):
                threads = {row[7:]: statistics.median(values) for (row, name), values in self.figures.items() if name == gateway.name and row.startswith("thread ")}
                words = ", ".join(f"{name} {cost:.1f}" for name, cost in sorted(threads.items(), key=lambda item: -item[1]) if cost >= 0.05)
                print(f"{gateway.name}, CPU per call by thread, us: {words}")


def describe_machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory = next(int(line.split()[1]) / 1e6 for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    virtual = subprocess.run(["systemd-detect-virt"], stdout=subprocess.PIPE, text=True).stdout.strip() if os.path.exists("/usr/bin/systemd-detect-virt") else "?"
    print(f"Machine: {cpu}, {os.cpu_count()} cores, {memory:.0f} GB, virtualisation {virtual}, Linux {platform.release()}; load before: {os.getloadavg()[0]:.2f}")
    print(f"Gateway on core 0; load generator and mock upstream on core {LOAD_CORE}. {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=Path, help="the build folder, release")
    parser.add_argument("--binary", type=Path, help="signalboxd, where it is not the build folder's own")
    parser.add_argument("--peers", type=Path, help="the folder whose node_modules has Portkey (build folder/peers)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--many", type=int, default=10000, help="how many streams the large test opens")
    parser.add_argument("--only", help="comma-separated names")
    parser.add_argument("--costs", action="store_true", help="only what a call costs")
    parser.add_argument("--quick", action="store_true", help="one short round")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.many = 1, 1, 2000
    if os.cpu_count() < 2:
        sys.exit("bench.py: one core is not enough: the gateway needs one for itself.")

    build = options.build.resolve()
    binary = options.binary or build / "app/server/signalboxd"
    with tempfile.TemporaryDirectory(prefix="signalbox-bench-") as folder:
        upstream = subprocess.Popen(pinned(LOAD_CORE, [build / "tests/bench/bench_upstream"]), stdout=subprocess.PIPE, text=True)
        port = int(upstream.stdout.readline())
        gateways = [Direct(f"{folder}/direct", port), Nginx(f"{folder}/nginx", port), Signalbox(f"{folder}/signalbox", port, binary, False),
                    Signalbox(f"{folder}/bodies", port, binary, True), Signalbox(f"{folder}/budgets", port, binary, False, True), Portkey(f"{folder}/portkey", port, options.peers or build / "peers")]
        if options.only:
            wanted = options.only.split(",") + ["direct"]
            gateways = [gateway for gateway in gateways if gateway.name in wanted]
        up = []
        try:
            describe_machine()
            for gateway in gateways:
                problem = gateway.missing()
                if problem:
                    print(f"Skipped: {gateway.name} ({problem}).")
                    continue
                gateway.prepare()
                if gateway.name != "direct":
                    gateway.start()
                up.append(gateway)
            bench = Bench(build, up, options.rounds, options.seconds)
            if options.costs:
                bench.run_costs()
            else:
                bench.run(options.many)
            bench.table(options.many)
        finally:
            for gateway in up:
                gateway.stop()
            upstream.kill()


if __name__ == "__main__":
    main()
