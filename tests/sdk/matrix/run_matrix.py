#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every SDK against every kind of provider, through a real signalboxd; makes resources/compatibility.md of what came of it.

run_matrix.py --build FOLDER --sdk FOLDER [--write] [--drivers a,b] [--sites a,b] [--cells a,b]
    exit 1 where a cell is not as the page says; --write writes the page anew, which is to be looked at and committed
    exit 77 (skipped) where the SDKs have not been installed
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "support"))

import gateway_setup  # noqa: E402
import page  # noqa: E402
import scenario  # noqa: E402
from signalbox_process import SKIP, Folder, Process, Signalboxd, tail  # noqa: E402

PAGE = HERE.parents[2] / "resources/compatibility.md"
SECONDS = 280  # for all drivers together


class NativeProvider(Process):
    def __init__(self, folder, modulus):
        super().__init__([sys.executable, HERE.parents[1] / "support/native_provider.py", modulus], Path(folder) / "native.log", subprocess.PIPE)
        self.base_url = self.child.stdout.readline().decode().strip()
        if not self.base_url:
            raise SystemExit(f"native_provider.py did not start:\n{tail(self.log)}")


def drivers(sdk):
    """Commands by name."""
    python = {file.stem: [sdk / "venv/bin/python", file] for file in sorted((HERE / "python").glob("*.py")) if "run(" in file.read_text().rpartition("__main__")[2]}
    node = {file.stem: ["node", file] for file in sorted((HERE / "node").glob("*.mjs")) if "await run(" in file.read_text()}
    return {**{f"python_{name}": command for name, command in python.items()}, **{f"node_{name}": command for name, command in node.items()}}


def run_drivers(commands, environment):
    """The results that they print as lines of JSON; SystemExit where one fails as a whole."""
    running = {}
    for name, command in commands.items():
        out = tempfile.TemporaryFile("w+")
        running[name] = (subprocess.Popen([str(word) for word in command], cwd=HERE, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT), out, time.monotonic())
    lines, failed = [], []
    for name, (child, out, begun) in running.items():
        try:
            code = child.wait(max(1, begun + SECONDS - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            code = f"no end within {SECONDS} s"
        out.seek(0)
        told = out.read().splitlines()
        lines += [json.loads(line) for line in told if line.startswith("{")]
        if code != 0:
            failed.append(f"{name} ended with {code}:\n" + "\n".join([line for line in told if not line.startswith("{")][-30:]))
    if failed:
        raise SystemExit("\n".join(failed))
    return lines


def call_everything(options, commands):
    with Folder() as folder:
        accounts = gateway_setup.Accounts(folder)
        provider = NativeProvider(folder, accounts.modulus)
        gateway = Signalboxd(options.build, folder, gateway_setup.configuration(provider.base_url, accounts)).start()
        told = folder / "scenario.json"
        told.write_text(json.dumps(scenario.make(gateway.url)))
        environment = dict(os.environ, MATRIX_SCENARIO=str(told), MATRIX_SITES=options.sites, MATRIX_CELLS=options.cells, NODE_PATH=str(options.sdk / "node_modules"), MATRIX_NODE=str(options.sdk / "package.json"),
                           PYTHONDONTWRITEBYTECODE="1", NO_PROXY="127.0.0.1", LANGCHAIN_TRACING_V2="false", LANGSMITH_TRACING="false")
        try:
            results = run_drivers(commands, environment)
            stopped = gateway.process.stop()
            if stopped:
                raise SystemExit(f"signalboxd ended with {stopped}:\n{tail(gateway.log)}")
            reasons = subprocess.run([options.sdk / "venv/bin/python", HERE / "losses.py", gateway.data / "calls.db"], check=True, capture_output=True, text=True).stdout
            return results, json.loads(reasons)
        finally:
            for process in (gateway.process, provider):
                if process.alive():
                    process.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--sdk", required=True, type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--drivers", default="")
    parser.add_argument("--sites", default="")
    parser.add_argument("--cells", default="")
    options = parser.parse_args()
    options.build, options.sdk = options.build.resolve(), options.sdk.resolve()
    missing = [name for name in ("python.installed", "node.installed") if not (options.sdk / name).exists()]
    if missing:
        print(f"skipped: the SDKs are not in {options.sdk}; tests/sdk/prepare.sh {options.sdk} puts them there")
        return SKIP
    begun = time.monotonic()
    commands = {name: command for name, command in drivers(options.sdk).items() if not options.drivers or name in options.drivers.split(",")}
    results, reasons = call_everything(options, commands)
    problems = page.problems(results)
    print(f"{len(results)} cells by {len(commands)} drivers in {time.monotonic() - begun:.0f} s, {len(problems)} not as they should be")
    for problem in problems:
        print(problem)
    if problems or options.drivers or options.sites or options.cells:
        return int(bool(problems))
    text = page.text(results, reasons)
    if options.write:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        print(f"{PAGE} does not say what the tests show. Look at what changed after:\n  {sys.executable} {Path(__file__)} --build {options.build} --sdk {options.sdk} --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
