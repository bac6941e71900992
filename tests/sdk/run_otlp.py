#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs signalboxd with a collector and makes calls that end in different ways; the collector keeps what it is sent in a file,
which otlp_messages.py reads with OpenTelemetry's own messages.

run_otlp.py --build FOLDER --sdk FOLDER     exit 77 (skipped) where those have not been installed
"""

import argparse
import http.server
import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from signalbox_process import SKIP, FakeProvider, Folder, Signalboxd  # noqa: E402

KEY = "otlp-test-key-0123456789"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Collector(http.server.ThreadingHTTPServer):
    """Keeps the bodies of what comes, by signal."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies = {"traces": [], "logs": [], "metrics": []}
        self.problems = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/collector"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        signal = self.path.removeprefix("/collector/v1/")
        if signal not in self.server.bodies:
            self.server.problems.append(f"asked for {self.path}")
        elif self.headers["content-type"] != "application/x-protobuf" or self.headers["x-team"] != "abc":
            self.server.problems.append(f"headers of {self.path}: {self.headers}")
        else:
            self.server.bodies[signal].append(body)
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def configuration(provider, collector):
    quick = {"attempts": 1}
    target = lambda model: {"provider": "fake", "model": model}
    return {
        "providers": [{"name": "fake", "kind": "openai-compatible", "base_url": provider, "credentials": [{"name": "main", "api_key": "sk-provider-secret"}]}],
        "routes": [{"name": "pong", "plan": target("pong")}, {"name": "chain", "plan": {"fallback": [target("status-503"), target("pong")]}, "retry": quick},
                   {"name": "broken", "plan": target("status-500"), "retry": quick}],
        "teams": [{"name": "search"}],
        "keys": [{"name": "program", "team": "search", "secret": KEY}],
        "telemetry": {"otlp": collector, "otlp_headers": {"x-team": "abc"}, "content": True},
    }


def call(gateway, model, headers=None):
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": "ping"}]}).encode()
    request = urllib.request.Request(f"{gateway.url}/v1/chat/completions", body, {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()
    except urllib.error.HTTPError as refused:
        refused.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--sdk", required=True, type=Path)
    options = parser.parse_args()
    if not (options.sdk / "otlp.installed").exists():
        print(f"skipped: OpenTelemetry's messages are not in {options.sdk}; tests/sdk/prepare.sh {options.sdk} puts them there")
        return SKIP
    with Folder() as folder:
        collector = Collector()
        provider = FakeProvider(options.build, folder)
        gateway = Signalboxd(options.build, folder, configuration(provider.base_url, collector.address)).start()
        try:
            call(gateway, "pong", {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
            for model in ("chain", "broken", "nobody"):
                call(gateway, model)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and (not collector.bodies["metrics"] or b"".join(collector.bodies["traces"]).count(b"signalbox.call.id") < 4 or b"".join(collector.bodies["logs"]).count(b"signalbox.call.id") < 3):
                time.sleep(0.1)
            stopped = gateway.process.stop()
        finally:
            if gateway.process.alive():
                gateway.process.kill()
            provider.kill()
            collector.shutdown()
        kept = Path(folder) / "otlp.json"
        kept.write_text(json.dumps({signal: [body.hex() for body in bodies] for signal, bodies in collector.bodies.items()}))
        read = subprocess.run([str(options.sdk / "otlp/bin/python"), str(HERE / "otlp_messages.py"), str(kept), TRACE], stdin=subprocess.DEVNULL, timeout=60)
        if collector.problems or stopped:
            print(f"the collector: {collector.problems}; signalboxd ended with {stopped}:\n{gateway.log.read_text(errors='replace')[-4000:]}", file=sys.stderr)
            return 1
        return read.returncode


if __name__ == "__main__":
    sys.exit(main())
