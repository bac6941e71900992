# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes Gemini's answers, whole and as a stream."""

import json

from ..conversation import pieces
from ..http_server import Answer, json_answer


class Writer:
    def __init__(self, model, reply, seal, number):
        self.model, self.reply, self.seal, self.id = model, reply, seal, f"native{number}"

    def usage(self):
        reply = self.reply
        usage = {"promptTokenCount": reply.prompt_tokens, "candidatesTokenCount": reply.answer_tokens, "totalTokenCount": reply.prompt_tokens + reply.answer_tokens + reply.thinking_tokens,
                 "promptTokensDetails": [{"modality": "TEXT", "tokenCount": reply.prompt_tokens}]}
        return usage | ({"thoughtsTokenCount": reply.thinking_tokens} if reply.thinking_tokens else {})

    def calls(self):
        """The first call of a step carries the signature."""
        for at, call in enumerate(self.reply.calls):
            part = {"functionCall": {"name": call.name, "args": call.arguments}}
            yield part | ({"thoughtSignature": self.seal.closed(call.name)} if at == 0 else {})

    def body(self, parts, finish=None, usage=None):
        candidate = {"content": {"parts": parts, "role": "model"}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
            if self.reply.calls:
                candidate["finishMessage"] = "Model generated function call(s)."
        return {"candidates": [candidate], "usageMetadata": usage or self.usage(), "modelVersion": self.model.name, "responseId": self.id}

    def finish(self):
        return "MAX_TOKENS" if self.reply.cut else "STOP"

    def whole(self):
        reply = self.reply
        parts = [{"text": reply.thinking, "thought": True}] if reply.thinking else []
        if reply.text:
            parts.append({"text": reply.text} | ({"thoughtSignature": self.seal.closed(reply.text)} if reply.thinking else {}))
        return json_answer(200, self.body([*parts, *self.calls()], self.finish()))

    def chunks(self):
        reply, early = self.reply, {"promptTokenCount": self.reply.prompt_tokens, "totalTokenCount": self.reply.prompt_tokens}
        for text in pieces(reply.thinking, 30):
            yield self.body([{"text": text, "thought": True}], usage=early)
        for text in pieces(reply.text):
            yield self.body([{"text": text}], usage=early)
        # A thought's signature comes last, on an empty text, where there is no call to carry it.
        yield self.body([*self.calls()] or [{"text": "", "thoughtSignature": self.seal.closed(reply.text)}], self.finish())

    def stream(self, sse):
        """@param sse  alt=sse; else the JSON array that Google streams without it"""
        texts = [json.dumps(chunk, ensure_ascii=False) for chunk in self.chunks()]
        if sse:
            return Answer(200, chunks=[f"data: {text}\r\n\r\n".encode() for text in texts], headers={"Content-Type": "text/event-stream"})
        return Answer(200, chunks=[(("[" if at == 0 else ",\r\n") + text).encode() for at, text in enumerate(texts)] + [b"]"], headers={"Content-Type": "application/json; charset=UTF-8"})
