#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Prometheus scrapes a real signalboxd after random traffic with faults, and is asked what was spent. What it says,
what /metrics says, what usage says by any group, what a report says and what the log's rows add up to must be the same, to
the nano-dollar.

run_prometheus.py --build FOLDER --sdk FOLDER     exit 77 (skipped) where Prometheus has not been installed
"""

import argparse
import http.client
import json
import random
import sys
import threading
import time
import urllib.parse
import urllib.request
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from call_log import CallLog  # noqa: E402
from signalbox_process import SKIP, FakeProvider, Folder, Problem, Process, Signalboxd, free_port, tail  # noqa: E402

OWNER = "owner-token-of-the-test-0123456789"
SCRAPER = "metrics-token-0123456789"
TEAMS = ("search", "support", "billing")
ROUTES = ("mixed", "pong", "words", "chain", "cut", "broken", "unpriced")
CALLERS, CALLS_EACH = 8, 60
TELEMETRY = HERE.parent.parent / "packaging/telemetry"


def configuration(provider):
    quick = {"attempts": 1}
    here = {"name": "here", "kind": "openai-compatible", "base_url": provider, "credentials": [{"name": "main", "api_key": "sk-provider-secret"}],
            "models": [{"id": name, "input_per_mtok": price, "output_per_mtok": round(price * 3, 6)} for name, price in (("mixed", 0.37), ("pong", 1.01), ("words-7", 0.123457), ("cut", 2.5), ("status-500", 1))]}
    there = {**here, "name": "there", "models": [{"id": "pong", "input_per_mtok": 0.7, "output_per_mtok": 1.3}]}
    target = lambda model, of="here": {"provider": of, "model": model}
    plans = {"mixed": target("mixed"), "pong": target("pong"), "words": target("words-7"), "chain": {"fallback": [target("status-500"), target("pong", "there")]},
             "cut": target("cut"), "broken": target("status-500"), "unpriced": target("words-9", "there")}
    return {
        "gateway": {"metrics_token": SCRAPER},
        "admin": {"tokens": [{"name": "test", "role": "owner", "secret": OWNER}]},
        "providers": [here, there],
        "routes": [{"name": name, "plan": plans[name], "retry": quick} for name in ROUTES],
        "teams": [{"name": team} for team in TEAMS],
        "keys": [{"name": f"{team}-program", "team": team, "secret": f"key-of-{team}-0123456789"} for team in TEAMS],
    }


def fetch(url, token=None, timeout=30):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.read()


def traffic(gateway, seed):
    """Calls of one caller: any team and route, whole or streamed, read to the end or left in the middle."""
    dice = random.Random(seed)
    for _ in range(CALLS_EACH):
        body = {"model": dice.choice(ROUTES), "stream": dice.random() < 0.5, "messages": [{"role": "user", "content": "ping " * dice.randrange(1, 40)}]}
        request = urllib.request.Request(f"{gateway.url}/v1/chat/completions", json.dumps(body).encode(),
                                         {"Authorization": f"Bearer key-of-{dice.choice(TEAMS)}-0123456789", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read(1 if dice.random() < 0.1 else None)
        except (OSError, http.client.HTTPException):  # refused, cut, hung up
            pass  # faults are what this is about; every one has its record


def samples(text):
    """name{labels} -> exact value"""
    return {name: Decimal(value) for name, _, value in (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))}


def family(values, name):
    return sum((value for series, value in values.items() if series == name or series.startswith(name + "{")), Decimal(0))


def settled(gateway):
    """The metrics when no call runs and the log has all of them."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        values = samples(fetch(f"{gateway.url}/metrics", SCRAPER).decode())
        if values["signalbox_calls_in_flight"] == 0 and values["signalbox_store_waiting_records"] == 0 and family(values, "signalbox_calls_total") == CALLERS * CALLS_EACH:
            time.sleep(1.5)  # a writer's group of rows is on its way to the file for a second at most
            return samples(fetch(f"{gateway.url}/metrics", SCRAPER).decode())
        time.sleep(0.1)
    raise Problem(f"not every call has ended: {family(values, 'signalbox_calls_total')} of {CALLERS * CALLS_EACH} are counted")


class Prometheus:
    def __init__(self, sdk, folder, gateway):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = folder / "prometheus.yml"
        rules = TELEMETRY / "alerts.yaml"
        config.write_text(json.dumps({  # JSON is YAML
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}, "rule_files": [str(rules)],
            "scrape_configs": [{"job_name": "signalbox", "authorization": {"credentials": SCRAPER}, "static_configs": [{"targets": [gateway.url.removeprefix("http://")]}]}]}))
        self.process = Process([sdk / "prometheus/usr/bin/prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}"], folder / "prometheus.log")

    def ask(self, what, **fields):
        return json.loads(fetch(f"{self.url}/api/v1/{what}?{urllib.parse.urlencode(fields)}"))["data"]

    def value(self, query):
        result = self.ask("query", query=query)["result"]
        return float(result[0]["value"][1]) if result else None

    def wait(self, query, limit=60):
        """What a query says, once it says anything."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            try:
                value = self.value(query)
                if value is not None:
                    return value
            except OSError:
                pass  # it is on its way up
            if not self.process.alive():
                break
            time.sleep(0.2)
        raise Problem(f"Prometheus has no answer to {query}:\n{tail(self.process.log)}")


def usage(gateway, groups):
    answer = json.loads(fetch(f"{gateway.url}/admin/v1/usage?group_by={groups}&bucket=hour", OWNER))
    return sum(Decimal(row["cost"]) for row in answer["data"]), Decimal(answer["totals"]["cost"])


def sums(gateway, values, prometheus):
    """Where a figure comes from -> dollars."""
    found = {}
    for by in ("", "team_", "route_", "provider_"):
        found[f"/metrics by {by or 'all'}"] = family(values, f"signalbox_{by}cost_usd_total")
        found[f"Prometheus by {by or 'all'}"] = Decimal(prometheus.wait(f"sum(signalbox_{by}cost_usd_total)")).quantize(Decimal("1e-9"))
    for groups in ("team", "route", "provider,model", "key,team", "team,route,model"):
        found[f"usage rows by {groups}"], found[f"usage totals by {groups}"] = usage(gateway, groups)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    report = json.loads(fetch(f"{gateway.url}/admin/v1/report?from={(time.strftime('%Y-%m-%d', time.gmtime(time.time() - 86400)))}&to={today}&time_zone=UTC", OWNER))["report"]
    found["a report"] = Decimal(report["now"]["cost"])
    found["a report's days"] = sum(Decimal(day["cost"]) for day in report["days"])
    return found


def blank_panels(prometheus):
    """The dashboard's questions to which there is no figure, though there were calls of every kind."""
    panels = json.loads((TELEMETRY / "grafana-dashboard.json").read_text())["panels"]
    questions = {(panel["title"], target["expr"]) for panel in panels for target in panel.get("targets", ())}
    blank = []
    for title, question in sorted(questions):
        found = prometheus.ask("query", query=question.replace("$__rate_interval", "1m").replace("$job", ".*"))["result"]
        if not any(0 <= float(each["value"][1]) < 1e9 for each in found):  # not NaN either
            blank.append(f"the dashboard's \"{title}\" is blank: {question}")
    return blank if questions else ["the dashboard asks for nothing"]


def check(options, folder):
    provider = FakeProvider(options.build, folder)
    gateway = Signalboxd(options.build, folder, configuration(provider.base_url)).start()
    prometheus = Prometheus(options.sdk, folder, gateway)
    try:
        prometheus.wait("up{job='signalbox'} == 1")
        callers = [threading.Thread(target=traffic, args=(gateway, seed)) for seed in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        values = settled(gateway)
        prometheus.wait(f"sum(signalbox_calls_total) == {CALLERS * CALLS_EACH}")
        found = sums(gateway, values, prometheus)
        rate = prometheus.wait("sum(rate(signalbox_calls_total[1m])) > 0")
        slow = prometheus.wait("histogram_quantile(0.95, sum by (le) (rate(signalbox_call_duration_seconds_bucket[1m])))")
        problems = blank_panels(prometheus)
        rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
        deadline = time.monotonic() + 30
        while any(rule["health"] == "unknown" for rule in rules) and time.monotonic() < deadline:
            time.sleep(0.5)
            rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
        stopped = gateway.process.stop()
    finally:
        for process in (prometheus.process, gateway.process, provider):
            if process.alive():
                process.kill()
    with CallLog(gateway.data) as log:
        found["rows of the log"] = Decimal(log.cost()).scaleb(-9)
        problems += log.problems()
        counted = log.calls()
    for where, cost in found.items():
        if cost != found["rows of the log"]:
            problems.append(f"{where} says {cost} $, the log's rows {found['rows of the log']} $")
    if counted != CALLERS * CALLS_EACH:
        problems.append(f"{counted} of {CALLERS * CALLS_EACH} calls are in the log")
    if found["rows of the log"] <= 0 or not 0 < slow < 60:
        problems.append(f"figures that cannot be: {found['rows of the log']} $, 95 % of the calls within {slow} s")
    problems += [f"alert rule {rule['name']}: {rule['health']} {rule.get('lastError', '')}" for rule in rules if rule["health"] != "ok"]
    if not rules or stopped:
        problems.append(f"{len(rules)} alert rules; signalboxd ended with {stopped}")
    kinds = {series: int(value) for series, value in values.items() if series.startswith("signalbox_calls_total{")}
    print(f"{counted} calls {kinds}, {found['rows of the log']} $ in {len(found)} places; Prometheus: {rate:.1f} calls/s, 95 % within {slow:.3f} s, {len(rules)} alert rules")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--sdk", required=True, type=Path)
    options = parser.parse_args()
    if not (options.sdk / "prometheus/usr/bin/prometheus").exists():
        print(f"skipped: Prometheus is not in {options.sdk}; tests/sdk/prepare.sh {options.sdk} puts it there")
        return SKIP
    with Folder() as folder:
        problems = check(options, folder)
        if problems:
            raise Problem("\n".join(problems))
    return 0


if __name__ == "__main__":
    sys.exit(main())
