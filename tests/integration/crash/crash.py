#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at full load, again and again, on one data folder. After each: both databases are whole, the records add up to
the spend and to what budgets were charged, and every call that was answered longer ago than the flush interval is in the log; with `durability: strict`
every answered call is. Then it starts again, answers, and holds budgets to what was spent before.

crash.py --build FOLDER --rounds 10
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))

from call_log import CallLog, packed  # noqa: E402
from signalbox_process import Folder, Signalboxd  # noqa: E402

KEY = "crash-test-key-0123456789"
FLUSH_MS = 100
COMMIT_ALLOWED_MS = 250  # one transaction and the kill take their time too: up to 60 ms on two cores with callers and provider beside it, 120 ms with twice that load; the rest is room


def configuration(port, durability, amount="1000000"):
    """@param amount  of the organisation's and the key's budgets, in dollars"""
    provider = {"kind": "openai-compatible", "base_url": f"http://127.0.0.1:{port}/v1", "credentials": [{"name": "main", "api_key": "sk-crash"}],
                "models": [{"id": "bench", "input_per_mtok": 2.5, "output_per_mtok": 10}]}
    return {
        "gateway": {"require_key": True, "durability": durability, "flush": f"{FLUSH_MS}ms", "log": {"bodies": True}},
        "providers": [{"name": "mock", **provider}],
        "routes": [{"name": "bench", "plan": {"provider": "mock", "model": "bench"}}],
        "organisation": {"budgets": [{"amount": amount, "per": "total"}]},
        "teams": [{"name": "crash"}],
        "keys": [{"name": "crash", "team": "crash", "secret": KEY, "budgets": [{"amount": "1000000", "per": "month"}]}],
    }


class Crash:
    def __init__(self, build, folder, upstream_port, durability):
        self.build = build
        self.folder = folder / durability
        self.folder.mkdir()
        self.durability = durability
        self.gateway = Signalboxd(build, self.folder, configuration(upstream_port, durability))
        self.answered = {}  # packed id -> milliseconds of wall clock at which its answer was whole
        self.problems = []

    def round(self, number):
        self.gateway.start()
        ids = self.folder / "ids"
        load = subprocess.Popen([str(self.build / "tests/bench/bench_load"), "closed", "--port", str(self.gateway.port), "--connections", "64", "--seconds", "60",
                                 "--warmup", "0", "--tolerant", "--ids", str(ids), "--header", f"Authorization: Bearer {KEY}"], stdout=subprocess.PIPE, text=True)
        time.sleep(random.uniform(0.8, 2.0))
        self.gateway.process.kill()
        killed_at = time.time() * 1000
        load.send_signal(signal.SIGTERM)
        result = json.loads(load.communicate(timeout=30)[0])
        answered = dict(line.split() for line in ids.read_text().splitlines())
        if not answered:
            self.problems.append(f"round {number}: no call was answered; the load said {result}")
        self.answered.update({packed(call): int(moment) for call, moment in answered.items()})
        self.judge(number, killed_at, len(answered))

    def judge(self, number, killed_at, answered):
        allowed = 0 if self.durability == "strict" else FLUSH_MS + COMMIT_ALLOWED_MS
        with CallLog(self.gateway.data) as log:
            self.problems += [f"round {number}: {problem}" for problem in log.problems()]
            charged = log.budgets()
            if len(charged) != 2 or any(spent != log.cost() for spent in charged.values()):
                self.problems.append(f"round {number}: the records add up to {log.cost()}, the budgets were charged {charged}")
            recorded = log.ids()
        missing = [moment for call, moment in self.answered.items() if call not in recorded]
        reach = max((killed_at - moment for moment in missing), default=0)
        print(f"{self.durability}, round {number}: {answered} answered, {len(missing)} not in the log, the oldest {reach:.0f} ms before the kill", flush=True)
        if missing and (allowed == 0 or reach > allowed):
            self.problems.append(f"round {number}: calls that were answered up to {reach:.0f} ms before the kill are missing; allowed are {allowed} ms")
        for call in [call for call in self.answered if call not in recorded]:
            del self.answered[call]  # judged; in the next rounds the rest must still be there


    def judge_budget(self, upstream_port):
        """A budget of just what was spent before the last crash is used up from the start."""
        with CallLog(self.gateway.data) as log:
            spent = log.cost()
        self.gateway = Signalboxd(self.build, self.folder, configuration(upstream_port, self.durability, f"{spent // 10**9}.{spent % 10**9:09d}"))
        self.gateway.start()
        request = urllib.request.Request(f"{self.gateway.url}/v1/chat/completions", json.dumps({"model": "bench", "messages": [{"role": "user", "content": "ping"}]}).encode(),
                                         {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                self.problems.append(f"{self.durability}: a call was answered {answer.status}, though its budget was used up before the crash")
        except urllib.error.HTTPError as refusal:
            if refusal.code != 402:
                self.problems.append(f"{self.durability}: a call got {refusal.code} and no 402, though its budget was used up before the crash")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()

    upstream = subprocess.Popen([str(options.build / "tests/bench/bench_upstream")], stdout=subprocess.PIPE, text=True)
    problems = []
    try:
        port = int(upstream.stdout.readline())
        with Folder() as folder:
            for durability, rounds in (("relaxed", options.rounds), ("strict", max(1, options.rounds // 5))):
                crash = Crash(options.build, folder, port, durability)
                for number in range(1, rounds + 1):
                    crash.round(number)
                crash.gateway.start()  # the last crash is survived too
                if crash.gateway.process.stop() != 0:
                    crash.problems.append(f"{durability}: it did not end in order after the last crash")
                crash.judge_budget(port)
                crash.gateway.process.stop()
                problems += crash.problems
            if problems:
                raise AssertionError("\n".join(problems))
    finally:
        upstream.kill()
    print("crash: fine")


if __name__ == "__main__":
    main()
