# SPDX-License-Identifier: GPL-3.0-or-later
"""Gemini at Google AI Studio and at Vertex AI."""

import itertools
import json
import re
import urllib.parse

from .. import brain, sites, tokens, vectors
from ..conversation import Refusal, demand
from ..http_server import json_answer
from ..seal import Seal
from .answer import Writer
from .request import Reader, known

_numbers = itertools.count(1)
STUDIO_PATH = re.compile(r"/v1beta/models/([^/:]+):(\w+)")
VERTEX_PATH = re.compile(r"/v1/projects/native/locations/(?:[a-z0-9-]+)/publishers/google/models/([^/:]+):(\w+)")
INFO = "type.googleapis.com/google.rpc."


def _refused(site, refusal, model):
    sent, most = refusal.param if refusal.kind == "context" else (0, 0)
    vertex = site.kind == "vertex"
    key = (401, "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token.") if vertex else (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")
    status, word, message = {
        "invalid": (400, "INVALID_ARGUMENT", refusal.message),
        "model": (404, "NOT_FOUND", f"Publisher Model `projects/native/locations/europe-west1/publishers/google/models/{model}` was not found or your project does not have access to it." if vertex else
                  f"models/{model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods."),
        "context": (400, "INVALID_ARGUMENT", f"The input token count ({sent}) exceeds the maximum number of tokens allowed ({most})."),
        "key": key,
        "limit": (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details. Please retry in 1.5s."),
        "path": (404, "NOT_FOUND", "Requested entity was not found."),
    }[refusal.kind]
    error = {"code": status, "message": message, "status": word}
    if refusal.kind == "key" and not vertex:
        error["details"] = [{"@type": INFO + "ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com", "metadata": {"service": "generativelanguage.googleapis.com"}}]
    if refusal.kind == "limit" and not vertex:
        error["details"] = [{"@type": INFO + "QuotaFailure", "violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}]}, {"@type": INFO + "RetryInfo", "retryDelay": "1.5s"}]
    return json_answer(status, {"error": error})


def _key(site, request):
    if site.kind == "vertex":
        return tokens.key_of(request.headers.get("authorization", "").removeprefix("Bearer "))
    return request.headers.get("x-goog-api-key")


def handle(site, request):
    name = ""
    try:
        key = _key(site, request)
        if key not in (sites.KEY, sites.LIMITED_KEY):
            raise Refusal("key", "")
        found = (VERTEX_PATH if site.kind == "vertex" else STUDIO_PATH).fullmatch(request.path.removeprefix("/" + site.name))
        if not found:
            raise Refusal("path", "")
        name, method = urllib.parse.unquote(found[1]), found[2]
        if key == sites.LIMITED_KEY:
            raise Refusal("limit", "")
        model = site.model(name)
        if model is None:
            raise Refusal("model", "")
        return _called(site, model, method, json.loads(request.body), request.query)
    except Refusal as refusal:
        return _refused(site, refusal, name)


def _called(site, model, method, body, query):
    seal, vertex = Seal("google"), site.kind == "vertex"
    if method == "batchEmbedContents" and not vertex:
        return _batch_embedded(model, body)
    if method == "predict" and vertex:
        return _predicted(model, body)
    demand(not model.embeds, f"models/{model.name} is not supported for {method}.")
    if method == "countTokens":
        known(body, {"contents", "generateContentRequest", "systemInstruction", "tools", "generationConfig"}, "")
        counted = brain.prompt_tokens(Reader(model, {name: value for name, value in body.get("generateContentRequest", body).items() if name != "model"}, seal, vertex).read())
        return json_answer(200, {"totalTokens": counted, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": counted}]})
    if method not in ("generateContent", "streamGenerateContent"):
        raise Refusal("path", "")
    writer = Writer(model, brain.answer(Reader(model, body, seal, vertex).read(), sites.CONTEXT), seal, next(_numbers))
    return writer.whole() if method == "generateContent" else writer.stream(query.get("alt") == "sse")


def _batch_embedded(model, body):
    made = []
    for request in body["requests"]:
        known(request, {"model", "content", "taskType", "title", "outputDimensionality"}, "requests")
        demand(request["model"] == f"models/{model.name}", "* BatchEmbedContentsRequest.requests[0].model: model must match.")
        text = "".join(part["text"] for part in request["content"]["parts"])
        made.append({"values": vectors.of(text, request.get("outputDimensionality", vectors.SIZE))})
    return json_answer(200, {"embeddings": made})


def _predicted(model, body):
    known(body, {"instances", "parameters"}, "")
    size = body.get("parameters", {}).get("outputDimensionality", vectors.SIZE)
    made = [{"embeddings": {"values": vectors.of(each["content"], size), "statistics": {"truncated": False, "token_count": vectors.tokens(each["content"])}}} for each in body["instances"]]
    return json_answer(200, {"predictions": made, "metadata": {"billableCharacterCount": sum(len(each["content"]) for each in body["instances"])}})
