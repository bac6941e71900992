# SPDX-License-Identifier: GPL-3.0-or-later
"""/responses, and the responses that it keeps."""

import itertools
import json

from .. import brain, sites
from ..http_server import json_answer
from ..seal import Seal
from .responses_answer import Writer
from .responses_request import Reader

SITES = ("openai", "azure-classic", "azure-v1", "xai")  # who have it

_numbers = itertools.count(1)
_kept = {}  # by site and id: (items that lead up to it and its own, the whole response)


def answer(site, model, body):
    seal = Seal(site.name)
    stored = {name: items for (owner, name), (items, _) in _kept.items() if owner == site.name}
    reader = Reader(model, body, seal, stored)
    writer = Writer(model, body, brain.answer(reader.read(), sites.CONTEXT), seal, next(_numbers))
    if body.get("store", True):
        whole = json.loads(writer.whole().body)
        _kept[site.name, writer.id] = ([*reader.items(), *whole["output"]], whole)
    return writer.stream() if body.get("stream") else writer.whole()


def kept(site, method, name):
    """GET and DELETE of /responses/NAME."""
    found = _kept.get((site.name, name))
    if found is None:
        return json_answer(404, {"error": {"message": f"Response with id '{name}' not found.", "type": "invalid_request_error", "param": None, "code": None}})
    if method == "DELETE":
        del _kept[site.name, name]
        return json_answer(200, {"id": name, "object": "response", "deleted": True})
    return json_answer(200, found[1])
