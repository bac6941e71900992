# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateways that the benchmark compares: how each is started, called, and told apart from what is not installed."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

GATEWAY_CORE = "0"
LOAD_CORE = "1"
KEY = "bench-key-0123456789abcdef"
MODELS = ["bench", "s3x0", "s50x0", "s50x20", "s20x1000"]
TRANSLATED = ["bench", "s50x0"]  # also asked of providers of other formats


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pinned(core, command):
    return ["taskset", "-c", core, *map(str, command)]


def processes_of(pid):
    """The process and all below it."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += processes_of(int(child))
    except FileNotFoundError:
        pass
    return found


class Gateway:
    """One gateway under measure. `port` is where it listens; `load_options` make the load generator's calls fit it."""

    name = ""
    load_options = []

    def __init__(self, folder, upstream_port):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.upstream_port = upstream_port
        self.port = free_port()
        self.process = None
        self.counts = None  # the file that count_allocations counts in, while it does

    def missing(self):
        """Why it cannot be measured here, or None."""
        return None

    def command(self):
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def prepare(self):
        pass

    def start(self, counter=None):
        """Starts it, pinned; with `counter`, the library that counts allocations. Returns the seconds from exec to the first answered call."""
        log = open(self.folder / "output.log", "ab")
        environment = self.environment()
        if counter:
            self.counts = self.folder / "allocations"
            environment |= {"LD_PRELOAD": str(counter), "SIGNALBOX_BENCH_COUNTS": str(self.counts)}
        begun = time.monotonic()
        self.process = subprocess.Popen(pinned(GATEWAY_CORE, self.command()), stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        while time.monotonic() < begun + 30:
            if self.answers():
                return time.monotonic() - begun
            if self.process.poll() is not None:
                break
            time.sleep(0.001)
        self.stop()
        words = (self.folder / "output.log").read_text(errors="replace")[-800:]
        raise RuntimeError(f"{self.name} did not answer a call; its last words:\n{words}")

    def answers(self):
        body = json.dumps({"model": "bench", "messages": [{"role": "user", "content": "q"}]}).encode()
        headers = "".join(f"{value}\r\n" for value in self.load_options[1::2])
        request = f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(request.encode() + body)
                return connection.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def allocations(self):
        """So far, of all its threads together."""
        return sum(struct.unpack("64Q", self.counts.read_bytes()))

    def cpu_seconds(self):
        """User and system time of all its threads so far, by thread name."""
        by_thread = {}
        for pid in processes_of(self.process.pid):
            for task in Path(f"/proc/{pid}/task").iterdir():
                name = (task / "comm").read_text().strip()
                spent = int((task / "schedstat").read_text().split()[0]) / 1e9
                by_thread[name] = by_thread.get(name, 0) + spent
        return by_thread

    def memory_mb(self):
        total = 0
        for pid in processes_of(self.process.pid):
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        return total / 1024


class Direct(Gateway):
    """The mock upstream itself: what a call costs without a gateway."""

    name = "direct"

    def __init__(self, folder, upstream_port):
        super().__init__(folder, upstream_port)
        self.port = upstream_port


class Nginx(Gateway):
    name = "nginx"

    def missing(self):
        return None if shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") else "nginx is not installed"

    def prepare(self):
        (self.folder / "nginx.conf").write_text(f"""
worker_processes 1;
daemon off;
pid {self.folder}/nginx.pid;
error_log {self.folder}/error.log crit;
worker_rlimit_nofile 60000;
events {{ worker_connections 50000; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 600s;
  tcp_nodelay on;
  client_body_buffer_size 256k;
  client_body_temp_path {self.folder}/body;
  proxy_temp_path {self.folder}/proxy;
  fastcgi_temp_path {self.folder}/fastcgi;
  uwsgi_temp_path {self.folder}/uwsgi;
  scgi_temp_path {self.folder}/scgi;
  upstream mock {{ server 127.0.0.1:{self.upstream_port}; keepalive 20000; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{self.port} backlog=8192;
    location / {{ proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }}
  }}
}}
""")

    def command(self):
        return [shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-c", self.folder / "nginx.conf", "-p", self.folder]


class Portkey(Gateway):
    name = "portkey"

    def __init__(self, folder, upstream_port, peers):
        super().__init__(folder, upstream_port)
        self.script = Path(peers) / "node_modules/@portkey-ai/gateway/build/start-server.js"
        self.load_options = ["--header", "x-portkey-provider: openai", "--header", f"x-portkey-custom-host: http://127.0.0.1:{upstream_port}/v1",
                             "--header", "Authorization: Bearer sk-bench"]

    def missing(self):
        if not shutil.which("node"):
            return "node is not installed"
        return None if self.script.exists() else f"@portkey-ai/gateway is not installed in {self.script.parents[3]}"

    def command(self):
        return ["node", "--import", Path(__file__).resolve().parent / "portkey_headers.mjs", self.script, f"--port={self.port}", "--headless"]

    def environment(self):
        return dict(os.environ, NODE_ENV="production", TRUSTED_CUSTOM_HOSTS="127.0.0.1,localhost")


class Signalbox(Gateway):
    """Keys, routing with a two-target chain, usage, price and call log on; bodies, and budgets and limits, as said."""

    def __init__(self, folder, upstream_port, binary, bodies, governed=False):
        super().__init__(folder, upstream_port)
        self.name = "signalbox+bodies" if bodies else "signalbox+budgets" if governed else "signalbox"
        self.binary = Path(binary)
        self.bodies = bodies
        self.quota = {"budgets": [{"amount": 1000000, "per": "month"}], "limits": [{"rpm": 100000000, "tpm": 100000000000, "parallel": 10000}]} if governed else {}
        self.load_options = ["--header", f"Authorization: Bearer {KEY}"]

    def missing(self):
        return None if self.binary.exists() else f"{self.binary} is not built"

    def prepare(self):
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        provider = {"base_url": f"http://127.0.0.1:{self.upstream_port}/", "max_connections": 20000,
                    "credentials": [{"name": "main", "api_key": "sk-bench"}],
                    "models": [{"id": model, "input_per_mtok": 2.5, "output_per_mtok": 10} for model in MODELS]}
        kinds = {"mock": "openai-compatible", "spare": "openai-compatible", "anthropic": "anthropic", "gemini": "gemini"}
        chain = lambda model: {"fallback": [{"provider": "mock", "model": model}, {"provider": "spare", "model": model}]}
        config = {
            "version": 1,
            "gateway": {"listen": f"127.0.0.1:{self.port}", "require_key": True, "log": {"bodies": self.bodies}},
            "organisation": self.quota,
            "providers": [{"name": name, "kind": kind, **provider, **self.quota} for name, kind in kinds.items()],
            "routes": [{"name": model, "plan": chain(model)} for model in MODELS]
            + [{"name": f"{model}-{name}", "plan": {"provider": name, "model": model}} for model in TRANSLATED for name in ("anthropic", "gemini")],
            "teams": [{"name": "bench", **self.quota}],
            "keys": [{"name": "bench", "team": "bench", "secret": KEY, **self.quota}],
        }
        (self.folder / "bench.yaml").write_text(json.dumps(config, indent=1))  # JSON is YAML

    def command(self):
        return [self.binary, "serve", "--data", self.folder / "data", "--config", self.folder / "bench.yaml", "--workers", "1"]
