# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of a gateway that knows every site of tests/support/native, and the names that callers use.

SITE-chat, -vision, -tools, -schema, -reasoning, -embeddings: the first model of the site that can do it, else its chat model.
SITE/MODEL: that model, whether it is there or not. SITE-badkey: a credential that is refused. SITE-limited: an account over its limit.
"""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))

from native import bedrock, sites  # noqa: E402

CALLER_KEY = "matrix-caller-key-0123456789"
WRONG_KEY = "native-provider-wrong-key"
ABILITIES = {"vision": "sees", "tools": "calls", "schema": "schema", "reasoning": "can_think", "embeddings": "embeds"}


class Accounts:
    """The RSA key of Google's service accounts."""

    def __init__(self, folder):
        file = Path(folder) / "account.pem"
        subprocess.run(["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", file], check=True, capture_output=True)
        self.key = file.read_text()
        told = subprocess.run(["openssl", "rsa", "-in", file, "-noout", "-modulus"], check=True, capture_output=True, text=True)
        self.modulus = told.stdout.strip().removeprefix("Modulus=")

    def account(self, key, token_uri):
        return json.dumps({"type": "service_account", "project_id": "native", "private_key_id": "1", "private_key": self.key, "client_email": f"{key}@native.iam.gserviceaccount.com", "token_uri": token_uri})


def _credential(site, key, base, accounts):
    if site.name == "azure-v1":
        return {"tenant_id": f"{base}/entra/tenant", "client_id": "app", "client_secret": key}
    if site.kind == "vertex":
        return {"service_account": accounts.account(key, f"{base}/google-token")}
    if site.name == "bedrock-claude":
        names = {known: name for name, known in bedrock.ACCESS_KEYS.items()}
        return {"access_key_id": names.get(key, "AKIANATIVE0000000009"), "secret_access_key": bedrock.SECRET}
    return {"api_key": key}


def _provider(site, name, key, base, accounts):
    more = {"azure": {"api_version": "2024-10-21"} if site.name == "azure-classic" else {}, "vertex": {"project": "native", "location": "europe-west1"}, "bedrock": {"region": bedrock.REGION}}.get(site.kind, {})
    return {"name": name, "kind": site.kind, "base_url": f"{base}/{site.name}{site.base}", "credentials": [{"name": "main", **_credential(site, key, base, accounts)}], **more}


def model_for(site, ability):
    return site.first(ABILITIES[ability]) or site.models[0].name


def _routes(site):
    target = lambda model, provider=site.name: {"provider": provider, "model": model}
    plans = {"chat": target(site.models[0].name), "badkey": target(site.models[0].name, f"{site.name}-badkey"), "limited": target(site.models[0].name, f"{site.name}-limited")}
    plans |= {ability: target(model_for(site, ability)) for ability in ABILITIES}
    named = [(f"{site.name}-{name}", plan) for name, plan in plans.items()]
    return [{"name": name, "plan": plan, "retry": {"attempts": 1}} for name, plan in (*named, (f"{site.name}/*", target("*")))]


def configuration(base, accounts):
    providers, routes = [], []
    for site in sites.SITES:
        for name, key in ((site.name, sites.KEY), (f"{site.name}-badkey", WRONG_KEY), (f"{site.name}-limited", sites.LIMITED_KEY)):
            providers.append(_provider(site, name, key, base, accounts))
        routes += _routes(site)
    return {"gateway": {"require_key": True}, "providers": providers, "routes": routes, "teams": [{"name": "matrix"}], "keys": [{"name": "matrix", "team": "matrix", "secret": CALLER_KEY}]}
