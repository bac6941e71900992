#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mixed load with faults for a while. Then: every call that was made is recorded exactly once, the records add up to the
spend and to what each budget was charged, memory stayed flat, and the process ended by SIGTERM with 0.

soak.py --build FOLDER --minutes 30 [--rate 200]
"""

import argparse
import asyncio
import collections
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from call_log import CallLog, packed  # noqa: E402
from signalbox_process import FakeProvider, Folder, Signalboxd, tail  # noqa: E402

KEY = "soak-test-key-0123456789"
FLAT_FROM_MINUTES = 5  # shorter runs end before caches and pools are full: their memory is shown, not judged
GROWTH_ALLOWED_KB = 12 * 1024
BUDGETS = 3  # of the organisation, the team and the key


def configuration(base_url):
    def provider(name):
        return {"name": name, "kind": "openai-compatible", "base_url": base_url, "credentials": [{"name": "main", "api_key": "sk-soak"}],
                "breaker": {"failures": 1000000, "failure_rate": 1.0, "min_calls": 1000000, "window": "30s", "cooldown": "1s"},
                "models": [{"id": model, "input_per_mtok": 2.5, "output_per_mtok": 10} for model in ("mixed", "pong")]}

    retry = {"attempts": 2, "backoff": {"base": "5ms", "max": "20ms"}}
    plenty = {"amount": "1000000", "per": "total"}
    fallback = {"fallback": [{"provider": "fake", "model": "mixed"}, {"provider": "spare", "model": "pong"}]}
    return {
        "gateway": {"require_key": True, "log": {"bodies": True}},
        "providers": [provider("fake"), provider("spare")],
        "routes": [{"name": "mixed", "plan": fallback, "retry": retry}, {"name": "fake/*", "plan": {"provider": "fake", "model": "*"}, "retry": retry}],
        "organisation": {"budgets": [plenty], "limits": [{"rpm": 1000000, "parallel": 1000}]},
        "teams": [{"name": "soak", "budgets": [plenty], "limits": [{"tpm": 1000000000}]}],
        "keys": [{"name": "soak", "team": "soak", "secret": KEY, "budgets": [plenty]}],
    }


# What the callers do, in turn: model asked for, streamed, and how the caller behaves.
PLAN = [
    ("mixed", False, "reads"), ("mixed", True, "reads"), ("mixed", False, "reads"), ("mixed", True, "reads"),
    ("fake/words-200", True, "reads"), ("fake/slow-300", False, "leaves"), ("fake/words-3000", True, "leaves"), ("fake/cut", True, "reads"),
    ("fake/status-400", False, "reads"), ("fake/stream-error", True, "reads"), ("no-such-model", False, "reads"), ("mixed", False, "reads"),
    ("fake/trickle", True, "reads"), ("fake/no-usage", False, "reads"), ("mixed", True, "reads"), ("fake/words-3000", True, "reads slowly"),
]


class Caller:
    """One keep-alive connection, making calls one behind another."""

    def __init__(self, port, tally):
        self.port = port
        self.tally = tally
        self.reader = self.writer = None

    async def call(self, model, stream, manner):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": "q" * 300}]}).encode()
        self.writer.write(f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {KEY}\r\n"
                          f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        self.tally.made += 1
        if manner == "leaves" and not stream:
            await asyncio.sleep(0.1)  # it has begun by now, and its answer takes longer
            self.tally.outcomes["left before the answer"] += 1
            return self.close()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if ": " in line)
        self.tally.ids.append(packed(headers["x-signalbox-call-id"].upper().replace("CALL_", "")))
        self.tally.outcomes[f"{model} {'stream' if stream else 'whole'}: {head.split()[1]}"] += 1
        if manner == "leaves":
            await self.reader.read(100)
            return self.close()
        whole = await self.read_body(headers, manner)
        if not whole or headers.get("connection") == "close":
            self.close()

    async def read_body(self, headers, manner):
        """False where the gateway cut it, as it must when the provider did."""
        try:
            if "content-length" in headers:
                await self.reader.readexactly(int(headers["content-length"]))
                return True
            while True:
                size = int((await self.reader.readuntil(b"\r\n")), 16)
                await self.reader.readexactly(size + 2)
                if size == 0:
                    return True
                if manner == "reads slowly":
                    await asyncio.sleep(0.001)
        except asyncio.IncompleteReadError:
            self.tally.outcomes["cut, and told so"] += 1
            return False

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


class Tally:
    def __init__(self):
        self.made = 0
        self.ids = []
        self.outcomes = collections.Counter()
        self.failures = []


async def drive(gateway, minutes, rate, tally, memory):
    end = time.monotonic() + minutes * 60
    callers = 32
    turn = 0

    async def work():
        nonlocal turn
        caller = Caller(gateway.port, tally)
        while time.monotonic() < end:
            begun = time.monotonic()
            step = PLAN[turn % len(PLAN)]
            turn += 1
            try:
                await asyncio.wait_for(caller.call(*step), 30)
            except Exception as problem:  # whatever it is, the run tells of it and fails
                tally.failures.append(f"{step}: {problem!r}")
                caller.close()
                if len(tally.failures) > 20:
                    return
            await asyncio.sleep(max(0, callers / rate - (time.monotonic() - begun)))
        caller.close()

    async def watch():
        step = max(1.0, minutes * 60 / 200)
        while time.monotonic() < end:
            if not gateway.process.alive():
                return
            memory.append(gateway.memory_kb())
            await asyncio.sleep(step)

    await asyncio.gather(watch(), *(work() for _ in range(callers)))


def judge_memory(memory, minutes):
    """The middle of the second quarter against that of the last: what grows for ever has grown by then."""
    quarter = max(1, len(memory) // 4)
    early = sorted(memory[quarter:2 * quarter] or memory)[quarter // 2]
    late = sorted(memory[-quarter:])[quarter // 2]
    points = [memory[len(memory) * i // 20] for i in range(20)]
    print("memory in MB, 20 moments: " + " ".join(f"{kb / 1024:.1f}" for kb in points))
    print(f"memory: {memory[0] / 1024:.1f} MB at the start, {early / 1024:.1f} MB early, {late / 1024:.1f} MB late, {max(memory) / 1024:.1f} MB at most")
    if minutes >= FLAT_FROM_MINUTES and late > early + GROWTH_ALLOWED_KB:
        return [f"memory grew from {early} KB to {late} KB"]
    return []


def judge_records(gateway, tally):
    problems = list(tally.failures[:20])
    with CallLog(gateway.data) as log:
        problems += log.problems()
        lost = set(tally.ids) - log.ids()
        recorded = log.calls()
        cost = log.cost()
        charged = log.budgets()
    if len(charged) != BUDGETS or any(spent != cost for spent in charged.values()):
        problems.append(f"the records add up to {cost} nano-dollars, the budgets were charged {charged}")
    if len(set(tally.ids)) != len(tally.ids):
        problems.append("two calls had the same id")
    if lost:
        problems.append(f"{len(lost)} of {len(tally.ids)} answered calls are not recorded")
    if recorded != tally.made:
        problems.append(f"{tally.made} calls were made, {recorded} are recorded")
    print(f"{tally.made} calls made, {len(tally.ids)} answered, {recorded} recorded, ${cost / 1e9:.6f} spent")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=200, help="calls a second, at most")
    options = parser.parse_args()

    with Folder() as folder:
        provider = FakeProvider(options.build, folder)
        gateway = Signalboxd(options.build, folder, configuration(provider.base_url)).start()
        tally, memory = Tally(), []
        try:
            asyncio.run(drive(gateway, options.minutes, options.rate, tally, memory))
            problems = [] if gateway.process.alive() else [f"signalboxd ended by itself:\n{tail(gateway.log)}"]
            code = gateway.process.stop()
            if code:
                problems.append(f"signalboxd ended with {code} on SIGTERM:\n{tail(gateway.log)}")
            problems += judge_records(gateway, tally) + judge_memory(memory, options.minutes)
        finally:
            if gateway.process.alive():
                gateway.process.kill()
            provider.kill()
        for outcome, count in sorted(tally.outcomes.items()):
            print(f"  {count:8} {outcome}")
        if problems:
            raise AssertionError("\n".join(problems))
    print("soak: fine")


if __name__ == "__main__":
    main()
