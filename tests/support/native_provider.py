#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every provider at once, each speaking its native format: prints its address, and serves until it is told to end.

native_provider.py [MODULUS]     http://127.0.0.1:PORT, below which each of native/sites.py has its name

The modulus, in hexadecimal, is that of the service accounts' RSA key: Vertex gives tokens to those who sign with it.
"""

import asyncio
import importlib
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from native import sites, tokens  # noqa: E402
from native.http_server import json_answer, listen  # noqa: E402

HANDLERS = {site.name: (site, importlib.import_module(f"native.{site.format}").handle) for site in sites.SITES}
TOKEN_SERVERS = {"entra": tokens.entra, "google-token": tokens.google}


def handle(request):
    name = request.path.split("/")[1]
    if name in TOKEN_SERVERS:
        return TOKEN_SERVERS[name](request)
    if name not in HANDLERS:
        return json_answer(404, {"error": {"message": f"no provider has the address {request.target}"}})
    site, answer = HANDLERS[name]
    return answer(site, request)


async def main():
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    server, port = await listen(handle)
    print(f"http://127.0.0.1:{port}", flush=True)
    async with server:
        await end.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        tokens.account_modulus = int(sys.argv[1], 16)
    asyncio.run(main())
