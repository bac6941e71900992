#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outage drill: steady calls over three targets, of which one dies, one turns slow, and both come back. Prints a
timeline, second by second, and ends with 1 where callers noticed more than they may.

outage.py --build FOLDER [--rate 500]
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from signalbox_process import FakeProvider, Folder, Signalboxd  # noqa: E402

KEY = "outage-drill-key-0123456789"
TARGETS = ("alpha", "beta", "gamma")
FIRST_BYTE = 0.5                 # seconds: the targets' limit
COOLDOWN = 2.0                   # seconds that a circuit stays open
SLOW_MS = 3000                   # what the slow one takes
BACK_SHARE = 0.2                 # of the calls: a third is all that one of three gets
PLAN = [(5, "alpha dies"), (12, "beta turns slow"), (20, "alpha comes back"), (28, "beta is fast again"), (35, "end")]


def configuration(bases):
    breaker = {"failures": 5, "failure_rate": 0.5, "min_calls": 20, "window": "10s", "cooldown": f"{COOLDOWN:g}s"}
    providers = [{"name": name, "kind": "openai-compatible", "base_url": base, "credentials": [{"name": "main", "api_key": "sk-drill"}], "breaker": breaker,
                  "timeouts": {"connect": "1s", "first_byte": f"{int(FIRST_BYTE * 1000)}ms"}} for name, base in bases.items()]
    among = [{"provider": name, "model": "pong"} for name in bases]
    return {"gateway": {"require_key": True}, "providers": providers, "keys": [{"name": "drill", "secret": KEY}],
            "routes": [{"name": "drill", "plan": {"balance": {"by": "round-robin", "among": among}}, "retry": {"attempts": 2, "backoff": {"base": "10ms", "max": "50ms"}}}]}


@dataclass
class Second:
    """The calls that began in one second of the drill."""

    ended: int = 0
    failed: int = 0
    took: list = field(default_factory=list)
    by_target: dict = field(default_factory=dict)

    def quantile(self, share):
        ordered = sorted(self.took)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0

    def share(self, target):
        return self.by_target.get(target, 0) / self.ended if self.ended else 0.0


class Load:
    """Calls at an even pace, whether the former ones have ended or not. Connections are kept."""

    def __init__(self, port, rate):
        self.port, self.rate = port, rate
        self.seconds = [Second() for _ in range(PLAN[-1][0])]
        self.idle = []
        self.reasons = {}

    async def run(self):
        begun = time.monotonic()
        calls = set()
        for number in range(PLAN[-1][0] * self.rate):
            due = begun + number / self.rate
            await asyncio.sleep(max(due - time.monotonic(), 0))
            task = asyncio.create_task(self.call(self.seconds[number // self.rate], due))
            calls.add(task)
            task.add_done_callback(calls.discard)
        await asyncio.gather(*calls)

    async def call(self, second, due):
        try:
            status, headers = await asyncio.wait_for(self.exchange(), 30)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as problem:
            status, headers = type(problem).__name__, {}
        second.ended += 1
        second.took.append(time.monotonic() - due)
        target = headers.get("x-signalbox-provider", "")
        second.by_target[target] = second.by_target.get(target, 0) + 1
        if status != 200:
            second.failed += 1
            self.reasons[status] = self.reasons.get(status, 0) + 1

    async def exchange(self):
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection("127.0.0.1", self.port)
        body = b'{"model":"drill","messages":[{"role":"user","content":"ping"}]}'
        writer.write(f"POST /v1/chat/completions HTTP/1.1\r\nHost: drill\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if ": " in line)
        await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") != "close":
            self.idle.append((reader, writer))
        return int(head.split()[1]), headers


class Drill:
    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.targets = {name: FakeProvider(build, folder) for name in TARGETS}

    def bases(self):
        return {name: target.base_url for name, target in self.targets.items()}

    async def pace(self, name, milliseconds):
        host, port = self.targets[name].base_url.split("//")[1].split("/")[0].rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /v1/pace/{milliseconds} HTTP/1.1\r\nHost: drill\r\nConnection: close\r\n\r\n".encode())
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        writer.close()

    async def do(self, event):
        if event == "alpha dies":
            self.port = self.targets["alpha"].base_url.split("//")[1].split("/")[0].rsplit(":", 1)[1]
            self.targets["alpha"].kill()
        elif event == "beta turns slow":
            await self.pace("beta", SLOW_MS)
        elif event == "alpha comes back":
            self.targets["alpha"] = FakeProvider(self.build, self.folder, self.port)
        elif event == "beta is fast again":
            await self.pace("beta", 0)

    async def run(self):
        begun = time.monotonic()
        for at, event in PLAN:
            await asyncio.sleep(max(begun + at - time.monotonic(), 0))
            await self.do(event)

    def stop(self):
        for target in self.targets.values():
            if target.alive():
                target.kill()


def timeline(seconds):
    print(f"{'s':>3} {'calls':>6} {'failed':>7} {'p50 ms':>8} {'p99 ms':>8}   " + "".join(f"{name:>7}" for name in TARGETS))
    events = dict(PLAN)
    for number, second in enumerate(seconds):
        shares = "".join(f"{second.share(name):>6.0%} " for name in TARGETS)
        print(f"{number:>3} {second.ended:>6} {second.failed:>7} {second.quantile(0.5) * 1000:>8.1f} {second.quantile(0.99) * 1000:>8.1f}   {shares} {events.get(number, '')}".rstrip())


def back_after(seconds, target, event):
    """Seconds from that event until the target has its share of the calls again; None: it never had."""
    at = next(second for second, name in PLAN if name == event)
    found = next((number for number in range(at, len(seconds)) if seconds[number].share(target) >= BACK_SHARE), None)
    return None if found is None else found - at


def judge(seconds, rate):
    """What callers noticed too much of, in words."""
    wrong = []
    calls = sum(second.ended for second in seconds[1:])
    failed = sum(second.failed for second in seconds[1:])
    print(f"\n{calls} calls after the first second, {failed} failed: {1 - failed / calls:.3%} answered")
    if failed > calls * 0.001:
        wrong.append("fewer than 99.9 % were answered")
    allowed = FIRST_BYTE + 1
    took = [one for second in seconds[1:] for one in second.took]
    p99 = sorted(took)[int(len(took) * 0.99)]
    worst = max(range(1, len(seconds)), key=lambda number: seconds[number].quantile(0.99))
    print(f"p99 {p99 * 1000:.0f} ms; of the worst second, {worst}, {seconds[worst].quantile(0.99) * 1000:.0f} ms; allowed {allowed * 1000:.0f} ms")
    if seconds[worst].quantile(0.99) > allowed:
        wrong.append(f"a p99 above the first-byte limit and a second (second {worst})")
    for target, event in (("alpha", "alpha comes back"), ("beta", "beta is fast again")):
        after = back_after(seconds, target, event)
        print(f"{target} has its share again after {'never' if after is None else f'{after} s'}; allowed {2 * COOLDOWN:.0f} s")
        if after is None or after > 2 * COOLDOWN:
            wrong.append(f"{target} did not come back within two cooldowns")
    if calls < (len(seconds) - 1) * rate:
        wrong.append("calls are missing")
    return wrong


async def drive(drill, load):
    await asyncio.gather(drill.run(), load.run())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--rate", type=int, default=500, help="calls a second")
    options = parser.parse_args()
    with Folder() as folder:
        drill = Drill(options.build, folder)
        gateway = Signalboxd(options.build, folder, configuration(drill.bases())).start()
        load = Load(gateway.port, options.rate)
        try:
            asyncio.run(drive(drill, load))
        finally:
            gateway.process.stop()
            drill.stop()
        timeline(load.seconds)
        wrong = judge(load.seconds, options.rate)
        if load.reasons:
            print("failures: " + json.dumps(load.reasons))
        for words in wrong:
            print(f"NOT AS IT SHOULD BE: {words}")
        sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
