# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon Bedrock: Converse, and InvokeModel for Titan's embeddings."""

import json
import re
import urllib.parse

from .. import brain, sites, vectors
from ..conversation import Refusal, demand
from ..http_server import json_answer
from ..seal import Seal
from . import aws
from .answer import Writer
from .request import Reader

REGION = "us-east-1"
SECRET = "native/secret+access/key"
ACCESS_KEYS = {"AKIANATIVE0000000001": sites.KEY, "AKIANATIVE0000000002": sites.LIMITED_KEY}
PATH = re.compile(r"/model/([^/]+)/(converse|converse-stream|invoke)")


def _key(request):
    """With a key of Bedrock's own as a bearer, or an access key that signs."""
    bearer = request.headers.get("authorization", "")
    if bearer.startswith("Bearer "):
        key = bearer.removeprefix("Bearer ")
        if key not in (sites.KEY, sites.LIMITED_KEY):
            raise Refusal("key", "Authentication failed: Please make sure your API Key is valid.", code="AccessDeniedException")
        return key
    access = aws.access_key(request)
    if access is None:
        raise Refusal("key", "Missing Authentication Token", code="MissingAuthenticationTokenException")
    if access not in ACCESS_KEYS:
        raise Refusal("key", "The security token included in the request is invalid.", code="UnrecognizedClientException")
    if not aws.is_signed(request, SECRET, REGION):
        raise Refusal("key", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation "
                      "for details.", code="InvalidSignatureException")
    return ACCESS_KEYS[access]


def _refused(refusal):
    status, name, message = {
        "invalid": (400, "ValidationException", refusal.message),
        "model": (400, "ValidationException", "The provided model identifier is invalid."),
        "context": (400, "ValidationException", "The model returned the following errors: Input is too long for requested model."),
        "key": (403, refusal.code, refusal.message),
        "limit": (429, "ThrottlingException", "Too many requests, please wait before trying again."),
        "path": (404, "UnknownOperationException", ""),
    }[refusal.kind]
    return json_answer(status, {"message": message}, x_amzn_errortype=f"{name}:http://internal.amazon.com/coral/com.amazon.bedrock/", x_amzn_requestid="native")


def _invoked(model, body):
    demand(model.embeds and set(body) <= {"inputText", "dimensions", "normalize", "embeddingTypes"}, "Malformed input request: extraneous key is not permitted, please reformat your input and try again.")
    return json_answer(200, {"embedding": vectors.of(body["inputText"], body.get("dimensions", vectors.SIZE)), "inputTextTokenCount": vectors.tokens(body["inputText"])})


def handle(site, request):
    try:
        key = _key(request)
        found = PATH.fullmatch(request.path.removeprefix("/" + site.name))
        if not found:
            raise Refusal("path", "")
        if key == sites.LIMITED_KEY:
            raise Refusal("limit", "")
        model, body = site.model(urllib.parse.unquote(found[1])), json.loads(request.body)
        if model is None:
            raise Refusal("model", "")
        if found[2] == "invoke":
            return _invoked(model, body)
        demand(not model.embeds, "This action doesn't support the model that you provided. Try again with a supported text or chat model.")
        seal = Seal("anthropic" if "claude" in model.name else site.name)
        writer = Writer(brain.answer(Reader(model, body, seal).read(), sites.CONTEXT), seal)
        return writer.stream() if found[2] == "converse-stream" else writer.whole()
    except Refusal as refusal:
        return _refused(refusal)
