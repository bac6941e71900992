# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenAI, Azure, and every provider that speaks OpenAI's formats: chat, Responses, embeddings."""

import itertools
import json
import re
import urllib.parse

from .. import brain, sites, tokens
from ..conversation import Refusal
from ..seal import Seal
from . import chat_answer, chat_request, embeddings, errors, responses

_numbers = itertools.count(1)
DEPLOYMENT = re.compile(r"/openai/deployments/([^/]+)(/.+)")


def _key(site, request):
    if site.name == "azure-classic":
        return request.headers.get("api-key")
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    return tokens.key_of(bearer) if site.name == "azure-v1" else bearer


def _path(site, request):
    """The path behind the provider's base, and the model that it names."""
    path = request.path.removeprefix("/" + site.name)
    if site.name == "azure-classic":
        found = DEPLOYMENT.fullmatch(path)
        version = request.query.get("api-version", "")
        if path.startswith("/openai/responses") and version >= "2025-03-01-preview":
            return path.removeprefix("/openai"), None
        if not found or not version:
            raise Refusal("path", f"{request.method} {path}")
        return found[2], urllib.parse.unquote(found[1])
    if not path.startswith(site.base):
        raise Refusal("path", f"{request.method} {path}")
    return path.removeprefix(site.base), None


def handle(site, request):
    model_name = ""
    try:
        path, model_name = _path(site, request)
        key = _key(site, request)
        if key not in (sites.KEY, sites.LIMITED_KEY):
            raise Refusal("key", "")
        if path.startswith("/responses/") and site.name in responses.SITES:
            return responses.kept(site, request.method, path.removeprefix("/responses/"))
        body = json.loads(request.body or b"{}")
        model_name = model_name or body.get("model", "")
        if key == sites.LIMITED_KEY:
            raise Refusal("limit", "")
        if path == "/embeddings" and site.first("embeds"):
            return embeddings.answer(site, _model(site, model_name), body)
        if path == "/responses" and site.name in responses.SITES:
            return responses.answer(site, _model(site, model_name), body)
        if path == "/chat/completions":
            return _chat(site, model_name, body)
        raise Refusal("path", f"{request.method} {path}")
    except Refusal as refusal:
        return errors.refused(site, refusal, model_name)


def _model(site, name):
    model = site.model(name)
    if model is None and site.name == "llamacpp":
        model = site.models[0]  # it serves what it has loaded
    if model is None:
        raise Refusal("model", name)
    return model


def _chat(site, name, body):
    model, seal = _model(site, name), Seal(site.name)
    conversation = chat_request.Reader(site, {**body, "model": model.name}, seal).read()
    writer = chat_answer.Writer(site, model, brain.answer(conversation, sites.CONTEXT), seal, next(_numbers))
    return writer.stream((body.get("stream_options") or {}).get("include_usage")) if body.get("stream") else writer.whole()
