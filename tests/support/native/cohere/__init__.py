# SPDX-License-Identifier: GPL-3.0-or-later
"""Cohere's v2 API."""

import itertools
import json

from .. import brain, sites, vectors
from ..conversation import Refusal, demand
from ..http_server import json_answer
from .answer import Writer
from .request import Reader

_numbers = itertools.count(1)
EMBED_MEMBERS = {"model", "texts", "images", "inputs", "input_type", "embedding_types", "output_dimension", "max_tokens", "truncate"}
INPUT_TYPES = ("search_document", "search_query", "classification", "clustering", "image")


def _refused(refusal, model):
    sent, most = refusal.param if refusal.kind == "context" else (0, 0)
    status, message = {
        "invalid": (400, refusal.message),
        "model": (404, f"model '{model}' not found, make sure the correct model ID was used and that you have access to the model."),
        "context": (400, f"too many tokens: size limit exceeded by {sent - most} tokens. Try using shorter or fewer inputs. The limit for this model is {most} tokens."),
        "key": (401, "invalid api token"),
        "limit": (429, "You are using a Trial key, which is limited to 20 API calls / minute."),
        "path": (404, "page not found"),
    }[refusal.kind]
    return json_answer(status, {"id": "native", "message": message} | ({"error_type": "TOO_MANY_TOKENS"} if refusal.kind == "context" else {}))


def _embedded(model, body):
    demand(model.embeds, f"invalid request: model '{model.name}' makes no embeddings.")
    demand(set(body) <= EMBED_MEMBERS, "invalid request: unknown field")
    demand(body.get("input_type") in INPUT_TYPES, "invalid request: valid input_type must be provided with the provided model")
    demand(body.get("embedding_types") == ["float"], "invalid request: embedding_types must be given")
    demand(0 < len(body["texts"]) <= 96, f"invalid request: total number of texts must be at most 96 - received {len(body['texts'])}")
    made = [vectors.of(text, body.get("output_dimension", vectors.SIZE)) for text in body["texts"]]
    return json_answer(200, {"id": "native", "texts": body["texts"], "embeddings": {"float": made}, "response_type": "embeddings_by_type",
                             "meta": {"api_version": {"version": "2"}, "billed_units": {"input_tokens": sum(map(vectors.tokens, body["texts"]))}}})


def handle(site, request):
    name = ""
    try:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if key not in (sites.KEY, sites.LIMITED_KEY):
            raise Refusal("key", "")
        path, body = request.path.removeprefix("/" + site.name), json.loads(request.body)
        name = body.get("model", "")
        if path not in ("/v2/chat", "/v2/embed"):
            raise Refusal("path", path)
        if key == sites.LIMITED_KEY:
            raise Refusal("limit", "")
        model = site.model(name)
        if model is None:
            raise Refusal("model", "")
        if path == "/v2/embed":
            return _embedded(model, body)
        writer = Writer(brain.answer(Reader(model, body).read(), sites.CONTEXT), next(_numbers))
        return writer.stream() if body.get("stream") else writer.whole()
    except Refusal as refusal:
        return _refused(refusal, name)
