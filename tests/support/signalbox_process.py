# SPDX-License-Identifier: GPL-3.0-or-later
"""Real processes for tests in Python: a fake provider and a signalboxd in front of it, each on a loopback port of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

SKIP = 77  # what ctest takes as "skipped"


class Problem(Exception):
    """A process did not do what the test needs; says which, and its last words."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tail(path, size=3000):
    return path.read_text(errors="replace")[-size:] if path.exists() else ""


class Process:
    """A child that ends with its owner, its output in a file."""

    def __init__(self, command, log, stdout=None):
        self.log = Path(log)
        self.child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=stdout or open(self.log, "ab"), stderr=open(self.log, "ab"))

    @property
    def pid(self):
        return self.child.pid

    def alive(self):
        return self.child.poll() is None

    def kill(self):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def stop(self, limit=40):
        """SIGTERM; the exit code. Killed, and a Problem, where that takes too long."""
        if self.alive():
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Problem(f"{self.child.args[0]} did not end within {limit} s of SIGTERM:\n{tail(self.log)}") from None


class FakeProvider(Process):
    """fake_provider_server: what it does is named by the model (fake_provider_server.cpp)."""

    def __init__(self, build, folder, *options):
        super().__init__([Path(build) / "tests/support/fake_provider_server", *options], Path(folder) / "provider.log", subprocess.PIPE)
        self.base_url = self.child.stdout.readline().decode().strip()
        if not self.base_url:
            raise Problem(f"fake_provider_server did not start:\n{tail(self.log)}")


class Signalboxd:
    """One data folder and configuration; start() and kill() as often as wanted."""

    def __init__(self, build, folder, config, workers=2):
        self.binary = Path(build) / "app/server/signalboxd"
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.config_file = self.folder / "gateway.yaml"
        self.log = self.folder / "signalboxd.log"
        self.workers = workers
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config.setdefault("version", 1)
        config.setdefault("gateway", {})["listen"] = f"127.0.0.1:{self.port}"
        self.config_file.write_text(json.dumps(config, indent=1))  # JSON is YAML
        self.process = None

    def start(self, limit=60):
        self.process = Process([self.binary, "serve", "--data", self.data, "--config", self.config_file, "--workers", self.workers], self.log)
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            if not self.process.alive():
                raise Problem(f"signalboxd ended by itself with {self.process.child.returncode}:\n{tail(self.log)}")
            try:
                with urllib.request.urlopen(self.url + "/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return self
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.01)
        raise Problem(f"signalboxd was not ready within {limit} s:\n{tail(self.log)}")

    @property
    def calls_db(self):
        return self.data / "calls.db"

    def memory_kb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


class Folder:
    """A temporary folder that is kept, and named, where the test failed."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="signalbox-test-"))
        return self.path

    def __exit__(self, kind, *_):
        if kind is None or (kind is SystemExit and os.environ.get("SIGNALBOX_KEEP") is None):
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            print(f"kept for a look: {self.path}", file=sys.stderr)
