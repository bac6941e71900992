#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a fake provider and signalboxd in front of it, then runs one SDK's tests against them.

run_sdk_tests.py --build FOLDER --sdk FOLDER python|node     exit 77 (skipped) where that SDK has not been installed
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from signalbox_process import SKIP, FakeProvider, Folder, Signalboxd  # noqa: E402

KEY = "sdk-test-key-0123456789"
NARROW_KEY = "sdk-narrow-key-0123456789"


def configuration(base_url):
    def provider(name):
        return {"name": name, "kind": "openai-compatible", "base_url": base_url, "credentials": [{"name": "main", "api_key": "sk-provider-secret"}],
                "models": [{"id": "pong", "input_per_mtok": 2.5, "output_per_mtok": 10}]}

    quick = {"attempts": 2, "backoff": {"base": "10ms", "max": "20ms"}}
    target = lambda name, model: {"provider": name, "model": model}
    return {
        "gateway": {"require_key": True},
        # A rejected or penniless credential rests: each gets a provider of its own.
        "providers": [provider(name) for name in ("fake", "rejected", "forbidden", "penniless", "limited")],
        "routes": [
            {"name": "pong", "plan": target("fake", "pong"), "aliases": ["ping"]},
            {"name": "fake/*", "plan": target("fake", "*"), "retry": quick},
            {"name": "rejected", "plan": target("rejected", "status-401"), "retry": quick},
            {"name": "forbidden", "plan": target("forbidden", "status-403"), "retry": quick},
            {"name": "penniless", "plan": target("penniless", "quota"), "retry": quick},
            {"name": "limited", "plan": target("limited", "status-429"), "retry": quick},
            {"name": "chain", "plan": {"fallback": [target("fake", "status-503"), target("fake", "cut-early"), target("fake", "pong")]}, "retry": quick},
        ],
        "teams": [{"name": "sdk"}],
        "keys": [{"name": "sdk", "team": "sdk", "secret": KEY}, {"name": "narrow", "team": "sdk", "secret": NARROW_KEY, "models": ["pong"]}],
    }


def command_for(language, sdk):
    """The command that runs the tests, or None where the SDK is not there."""
    if language == "python":
        python = sdk / "venv/bin/python"
        return [python, "-m", "unittest", "-v", "test_openai"] if (sdk / "python.installed").exists() else None
    return ["node", HERE / "openai.test.mjs"] if (sdk / "node.installed").exists() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--sdk", required=True, type=Path)
    parser.add_argument("language", choices=["python", "node"])
    options = parser.parse_args()
    command = command_for(options.language, options.sdk)
    if command is None:
        print(f"skipped: the {options.language} SDK is not in {options.sdk}; tests/sdk/prepare.sh {options.sdk} puts it there")
        return SKIP

    with Folder() as folder:
        provider = FakeProvider(options.build, folder)
        gateway = Signalboxd(options.build, folder, configuration(provider.base_url)).start()
        environment = dict(os.environ, SIGNALBOX_TEST_URL=gateway.url + "/v1", SIGNALBOX_TEST_KEY=KEY, SIGNALBOX_TEST_NARROW_KEY=NARROW_KEY,
                           SIGNALBOX_NODE_SDK=str(options.sdk / "node_modules/openai/index.mjs"), PYTHONDONTWRITEBYTECODE="1", NO_PROXY="127.0.0.1")
        try:
            code = subprocess.run([str(word) for word in command], cwd=HERE, env=environment, stdin=subprocess.DEVNULL, timeout=240).returncode
            stopped = gateway.process.stop()
        finally:
            if gateway.process.alive():
                gateway.process.kill()
            provider.kill()
        if code or stopped:
            print(f"tests ended with {code}, signalboxd with {stopped}; its output:\n{gateway.log.read_text(errors='replace')[-4000:]}", file=sys.stderr)
            return code or 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
