# SPDX-License-Identifier: GPL-3.0-or-later
"""/embeddings of OpenAI and of those who speak its format."""

import base64
import struct

from .. import vectors
from ..conversation import demand
from ..http_server import json_answer

MISTRAL = {"model", "input", "output_dimension", "output_dtype", "encoding_format"}


def answer(site, model, body):
    demand(model.embeds, f"The model `{model.name}` makes no embeddings.", param="model")
    demand(site.name != "mistral" or set(body) <= MISTRAL, "Extra inputs are not permitted", param="dimensions", code="extra_forbidden")
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    demand(texts and all(isinstance(text, str) for text in texts), "'$.input' is invalid.", param="input")
    form = body.get("encoding_format") or "float"
    demand(form in ("float", "base64"), f"Invalid value: '{form}'.", param="encoding_format")
    made = [vectors.of(text, body.get("dimensions") or body.get("output_dimension") or vectors.SIZE) for text in texts]
    if form == "base64":
        made = [base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode() for vector in made]
    tokens = sum(vectors.tokens(text) for text in texts)
    return json_answer(200, {"object": "list", "data": [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(made)], "model": model.name,
                             "usage": {"prompt_tokens": tokens, "total_tokens": tokens}})
