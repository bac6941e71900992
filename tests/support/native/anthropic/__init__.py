# SPDX-License-Identifier: GPL-3.0-or-later
"""Anthropic's Messages API, at Anthropic itself and for Claude at Google's Vertex AI."""

import itertools
import json
import re
import urllib.parse

from .. import brain, sites, tokens
from ..conversation import Refusal, demand
from ..http_server import json_answer
from ..seal import Seal
from .answer import Writer
from .request import MEMBERS, Reader

_numbers = itertools.count(1)
VERTEX_PATH = re.compile(r"/v1/projects/native/locations/(?:[a-z0-9-]+)/publishers/anthropic/models/([^/:]+):(rawPredict|streamRawPredict)")
VERTEX_MEMBERS = (MEMBERS - {"model"}) | {"anthropic_version", "anthropic_beta"}


def _refused(refusal, model):
    sent, most = refusal.param if refusal.kind == "context" else (0, 0)
    status, kind, message = {
        "invalid": (400, "invalid_request_error", refusal.message),
        "model": (404, "not_found_error", f"model: {model}"),
        "context": (400, "invalid_request_error", f"prompt is too long: {sent} tokens > {most} maximum"),
        "key": (401, "authentication_error", "invalid x-api-key"),
        "limit": (429, "rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute."),
        "path": (404, "not_found_error", "Not Found"),
    }[refusal.kind]
    headers = {"x_should_retry": "true", "retry_after": "1"} if refusal.kind == "limit" else {"x_should_retry": "false"}
    return json_answer(status, {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_native"}, **headers)


def _answered(site, model, body, stream):
    seal = Seal("anthropic")  # Claude's signatures hold at all who have it
    conversation = Reader(model, body, seal, VERTEX_MEMBERS if site.kind == "vertex" else MEMBERS).read()
    writer = Writer(model, brain.answer(conversation, sites.CONTEXT), seal, next(_numbers))
    return writer.stream() if stream else writer.whole()


def _own(site, request):
    name = ""
    try:
        key = request.headers.get("x-api-key")
        if key not in (sites.KEY, sites.LIMITED_KEY):
            raise Refusal("key", "")
        demand(request.headers.get("anthropic-version") == "2023-06-01", "anthropic-version: header is required")
        demand(request.headers.get("content-type", "").startswith("application/json"), "content-type: must be application/json")
        body = json.loads(request.body)
        name = body.get("model", "")
        if key == sites.LIMITED_KEY:
            raise Refusal("limit", "")
        model = site.model(name)
        if model is None:
            raise Refusal("model", "")
        path = request.path.removeprefix("/" + site.name)
        if path == "/v1/messages/count_tokens":
            counted = brain.prompt_tokens(Reader(model, body, Seal("anthropic"), MEMBERS - {"max_tokens", "stream"}).read(counting=True))
            return json_answer(200, {"input_tokens": counted})
        if path != "/v1/messages":
            raise Refusal("path", path)
        return _answered(site, model, body, body.get("stream"))
    except Refusal as refusal:
        return _refused(refusal, name)


def _google_refused(status, word, message):
    return json_answer(status, {"error": {"code": status, "message": message, "status": word}})


def _at_google(site, request):
    found = VERTEX_PATH.fullmatch(request.path.removeprefix("/" + site.name))
    if not found:
        return _google_refused(404, "NOT_FOUND", "Requested entity was not found.")
    key = tokens.key_of(request.headers.get("authorization", "").removeprefix("Bearer "))
    if key is None:
        return _google_refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
    if key == sites.LIMITED_KEY:
        return _google_refused(429, "RESOURCE_EXHAUSTED", "Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_model.")
    name, body = urllib.parse.unquote(found[1]), json.loads(request.body)
    try:
        if name == "count-tokens":  # a model of its own, which is told in the body whose tokens to count
            demand("model" in body, "model: Field required")
            model = site.model(body.pop("model"))
            demand(model, "model: not found")
            return json_answer(200, {"input_tokens": brain.prompt_tokens(Reader(model, body, Seal("anthropic"), VERTEX_MEMBERS).read(counting=True))})
        demand(body.get("anthropic_version") == "vertex-2023-10-16", "anthropic_version: Field required")
        model = site.model(name)
        if model is None:
            return _google_refused(404, "NOT_FOUND", f"Publisher Model `projects/native/locations/europe-west1/publishers/anthropic/models/{name}` was not found or your project does not have access to it.")
        demand(bool(body.get("stream")) == (found[2] == "streamRawPredict"), "stream: does not fit the method")
        return _answered(site, model, body, body.get("stream"))
    except Refusal as refusal:
        return _refused(refusal, name)


def handle(site, request):
    return _at_google(site, request) if site.kind == "vertex" else _own(site, request)
