#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what Signalbox and Portkey do when upstream fails, side by side: 27 rows, each with an OpenAI and an Anthropic
caller, with a whole answer and with a stream. Both have the same targets, retries and limits of time.

faults.py --build FOLDER [--peers FOLDER]
"""

import argparse
import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

import peers  # noqa: E402
from fault_rows import CELLS, ROWS, Trial  # noqa: E402
from signalbox_process import FakeProvider, Signalboxd  # noqa: E402

KEY = "faults-test-key-0123456789"
PATIENCE_MS = 1500                    # for the first byte, and between two
FALL_BACK_ON = [401, 402, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504, 529]
RETRY_ON = [408, 500, 502, 503, 504, 529]


class Fake:
    """The provider that does what its models say, and one that shows a certificate of its own making."""

    def __init__(self, build, folder):
        self.plain = FakeProvider(build, folder, "--record")
        self.tls = FakeProvider(build, folder, "--self-signed")
        self.bases = {"fake": self.plain.base_url, "self-signed": self.tls.base_url, "refused": f"http://127.0.0.1:{peers.free_port()}/v1"}

    def seen(self, model):
        with urllib.request.urlopen(f"{self.plain.base_url}/seen/{model}", timeout=5) as answer:
            return json.load(answer)

    def stop(self):
        self.plain.kill()
        self.tls.kill()


class Signalbox:
    name = "signalbox"
    has = {"hedge"}

    def __init__(self, build, folder, fake):
        self.fake = fake
        trials = [Trial(self, cell, number, row) for number, row in enumerate(ROWS, 1) for cell in CELLS]
        providers = [self.provider(trial, place) for trial in trials for place in range(len(trial.targets))]
        self.process = Signalboxd(build, folder, {"gateway": {"require_key": True, "allow_private_upstreams": True}, "providers": providers, "routes": [self.route(trial) for trial in trials],
                                                  "keys": [{"name": "faults", "secret": KEY}]})
        self.process.start()
        self.port = self.process.port

    def provider(self, trial, place):
        """One for each target: a credential that was refused rests for all that it is used for."""
        return {"name": f"{trial.model}-{place}", "kind": "openai-compatible" if trial.cell.caller == "openai" else "anthropic", "base_url": self.fake.bases[trial.targets[place].where],
                "credentials": [{"name": "main", "api_key": "sk-faults"}], "timeouts": {"first_byte": f"{PATIENCE_MS}ms", "idle": f"{PATIENCE_MS}ms"}}

    @staticmethod
    def route(trial):
        slow = {"timeouts": {"first_byte": "60s"}}
        targets = [{"provider": f"{trial.model}-{place}", "model": target.model} | (slow if target.model.startswith("silence-long") else {}) for place, target in enumerate(trial.targets)]
        route = {"name": trial.model, "plan": {"fallback": targets}, "retry": {"attempts": 2, "backoff": {"base": "20ms", "max": "100ms"}}}
        return route | ({"hedge": {"after": "300ms"}} if trial.row.needs == "hedge" else {})

    @staticmethod
    def headers_for(_cell, _targets):
        return {"Authorization": f"Bearer {KEY}"}

    def memory_mb(self):
        return self.process.memory_kb() / 1024

    def stop(self):
        self.process.process.stop()


class Portkey(peers.Portkey):
    has = set()

    def __init__(self, fake, folder, peers_folder):
        super().__init__(folder, 0, peers_folder)
        self.fake = fake

    def answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=2):
                return True
        except OSError:
            return False

    def headers_for(self, cell, targets):
        def target(one):
            return {"provider": cell.caller, "custom_host": self.fake.bases[one.where], "api_key": "sk-faults", "override_params": {"model": one.model},
                    "retry": {"attempts": 1, "on_status_codes": RETRY_ON}, "request_timeout": 60_000 if one.model.startswith("silence-long") else PATIENCE_MS}
        config = {"strategy": {"mode": "fallback", "on_status_codes": FALL_BACK_ON}, "targets": [target(one) for one in targets]}
        return {"x-portkey-config": json.dumps(config)}


def verdict(gateway, cell, number, row):
    if row.needs and row.needs not in gateway.has:
        return "has none"
    try:
        return Trial(gateway, cell, number, row).judge()
    except OSError as problem:
        return f"{type(problem).__name__}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--peers", type=Path, help="the folder whose node_modules has Portkey (build folder/peers)")
    parser.add_argument("--rows", help="only these: 1,9,10")
    options = parser.parse_args()
    build = options.build.resolve()
    wanted = [int(number) for number in options.rows.split(",")] if options.rows else range(1, len(ROWS) + 1)

    with tempfile.TemporaryDirectory(prefix="signalbox-faults-") as folder:
        fake = Fake(build, folder)
        gateways = [Signalbox(build, folder, fake)]
        portkey = Portkey(fake, f"{folder}/portkey", options.peers or build / "peers")
        if portkey.missing():
            print(f"Skipped: portkey ({portkey.missing()}).")
        else:
            portkey.start()
            gateways.append(portkey)
        try:
            right = report(gateways, wanted)
        finally:
            for gateway in gateways:
                gateway.stop()
            fake.stop()
    sys.exit(0 if right["signalbox"] == len(wanted) * len(CELLS) else 1)


def report(gateways, wanted):
    """The table, row by row as it is tried. @return how many cells each gateway has right"""
    right = {gateway.name: 0 for gateway in gateways}
    print(f"{'row':<5}{'upstream does':<26}{'caller':<20}" + "".join(f"{gateway.name:<42}" for gateway in gateways).rstrip())
    begun = time.monotonic()
    for number in wanted:
        row = ROWS[number - 1]
        for place, cell in enumerate(CELLS):
            verdicts = {gateway.name: verdict(gateway, cell, number, row) for gateway in gateways}
            for name, wrong in verdicts.items():
                right[name] += wrong is None
            first = f"F{number:02}  {row.title:<26}" if place == 0 else " " * 31
            caller = f"{cell.caller}, {'stream' if cell.stream else 'whole'}"
            print((first + f"{caller:<20}" + "".join(f"{wrong or 'ok':<42}" for wrong in verdicts.values())).rstrip(), flush=True)
    print(f"\nRight, of {len(wanted) * len(CELLS)} cells: " + ", ".join(f"{name} {count}" for name, count in right.items()) + f". {time.monotonic() - begun:.0f} s.")
    return right


if __name__ == "__main__":
    main()
