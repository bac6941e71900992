#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a real signalboxd's admin API for a minute what its own OpenAPI text allows, and what it does not (schemathesis): no
answer may be a 5xx, and each must be as the text says.

fuzz_admin.py --build FOLDER --sdk FOLDER [--seconds N] [--seed N]     exit 77 (skipped) where schemathesis has not been installed
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from signalbox_process import SKIP, FakeProvider, Folder, Signalboxd  # noqa: E402

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance"
TOKEN = "fuzz-owner-token-0123456789"


def configuration(base_url):
    return {
        "providers": [{"name": "fake", "kind": "openai-compatible", "base_url": base_url, "credentials": [{"name": "main", "api_key": "sk-provider-secret"}]}],
        "routes": [{"name": "pong", "plan": {"provider": "fake", "model": "pong"}}],
        "admin": {"tokens": [{"name": "fuzz", "role": "owner", "secret": TOKEN}]},
    }


def seed_entries(gateway):
    """Entries that the run can find, change and remove: those of the file are locked."""
    bodies = [("teams", {"name": "search"}), ("keys", {"name": "program", "team": "search"}), ("tags", {"name": "batch"}), ("tokens", {"name": "spare", "role": "analyst"}),
              ("providers", {"name": "spare", "kind": "ollama"}), ("routes", {"name": "spare", "plan": {"provider": "spare", "model": "m"}}),
              ("budgets", {"scope": "team", "name": "search", "amount": 5, "per": "day"}), ("limits", {"scope": "organisation", "rpm": 600}),
              ("prices", {"provider": "spare", "model": "m", "input_per_mtok": 1, "output_per_mtok": 2})]
    for path, body in bodies:
        request = urllib.request.Request(f"{gateway.url}/admin/v1/{path}", json.dumps(body).encode(), {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            if answer.status != 201:
                raise SystemExit(f"making {path} gave {answer.status}")


def await_api(gateway, limit=30):
    """Calls are served a moment before the admin API is."""
    request = urllib.request.Request(f"{gateway.url}/admin/v1/openapi.json", headers={"Authorization": f"Bearer {TOKEN}"})
    deadline = time.monotonic() + limit
    while True:
        try:
            with urllib.request.urlopen(request, timeout=20):
                return
        except urllib.error.HTTPError as problem:
            if problem.code != 503 or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--sdk", required=True, type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not (options.sdk / "fuzz.installed").exists():
        print(f"skipped: schemathesis is not in {options.sdk}; tests/sdk/prepare.sh {options.sdk} puts it there")
        return SKIP

    with Folder() as folder:
        provider = FakeProvider(options.build, folder)
        gateway = Signalboxd(options.build, folder, configuration(provider.base_url)).start()
        try:
            await_api(gateway)
            seed_entries(gateway)
            command = [options.sdk / "fuzz/bin/st", "run", f"{gateway.url}/admin/v1/openapi.json", "--header", f"Authorization:Bearer {TOKEN}", "--checks", CHECKS, "--phases", "examples,coverage,fuzzing",
                       "--max-time", options.seconds, "--seed", options.seed, "--workers", 1, "--request-timeout", 20, "--suppress-health-check", "all", "--generation-database", "none",
                       "--warnings", "off", "--continue-on-failure"]
            run = subprocess.run([str(word) for word in command], cwd=folder, env=dict(os.environ, NO_PROXY="127.0.0.1", NO_COLOR="1", COLUMNS="180"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, timeout=options.seconds + 120)
            alive = gateway.process.alive()
            stopped = gateway.process.stop()
            doctor = subprocess.run([gateway.binary, "doctor", "--data", gateway.data, "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=60).stdout
        finally:
            if gateway.process.alive():
                gateway.process.kill()
            provider.kill()
        print(run.stdout[-12000:])
        log = gateway.log.read_text(errors="replace")
        if run.returncode or not alive or stopped:
            print(f"schemathesis ended with {run.returncode}, signalboxd {'ran on' if alive else 'died'} and ended with {stopped}; its output:\n{log[-4000:]}", file=sys.stderr)
            return 1
        if "ok     audit log: " not in doctor:
            print(f"the audit log is not what was written:\n{doctor}", file=sys.stderr)
            return 1
        if TOKEN in log:
            print("the token is in the log", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
