# SPDX-License-Identifier: GPL-3.0-or-later
"""Ollama's own API: /api/chat and /api/embed."""

import base64
import binascii
import json

from .. import brain, picture, sites, vectors
from ..conversation import Call, Conversation, Picture, Refusal, Result, Turn, demand, merged, pieces
from ..http_server import Answer, json_answer

MOMENT = "2026-01-02T03:04:05.678901Z"


class Reader:
    """It ignores members that it does not know, as Go's JSON does, and refuses types that do not fit."""

    def __init__(self, model, body):
        self.model, self.body, self.calls = model, body, []

    def read(self):
        body = self.body
        think = body.get("think")
        demand(think in (None, False) or self.model.can_think, f"\"{self.model.name}\" does not support thinking")
        demand(think is None or isinstance(think, bool) or think in ("low", "medium", "high"), f"invalid think value: {think!r} (must be \"high\", \"medium\", \"low\", true, or false)")
        demand(not body.get("tools") or self.model.calls, f"registry.ollama.ai/library/{self.model.name}:latest does not support tools")
        form = body.get("format")
        demand(form in (None, "", "json") or isinstance(form, dict), f"invalid format: {form!r}; expected \"json\" or a valid JSON Schema object")
        tools = {tool["function"]["name"]: tool["function"]["parameters"] for tool in body.get("tools") or ()}
        options = body.get("options") or {}
        demand(isinstance(options.get("stop", []), list), "option \"stop\" must be of type array")
        return Conversation(turns=merged([self.turn(message) for message in body["messages"]]), tools=list(tools), tool_schemas=tools, schema=form if isinstance(form, dict) else None, json=form == "json",
                            thinks=bool(think) or (self.model.thinks and think is None), max_tokens=options.get("num_predict"))

    def turn(self, message):
        role = message.get("role")
        demand(role in ("system", "user", "assistant", "tool"), f"invalid role: {role}")
        demand(isinstance(message.get("content", ""), str), "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string")
        if role == "tool":
            return Turn("user", [self.result(message)])
        parts = [message["content"]] if message.get("content") else []
        for image in message.get("images") or ():
            parts.append(self.image(image))
        for call in message.get("tool_calls") or ():
            function = call["function"]
            demand(isinstance(function["arguments"], dict), "json: cannot unmarshal string into Go struct field ToolCallFunction.messages.tool_calls.function.arguments of type api.ToolCallFunctionArguments")
            self.calls.append(Call(None, function["name"], function["arguments"]))
            parts.append(self.calls[-1])
        return Turn(role, parts)

    def result(self, message):
        """A model is told results in the order of its calls; the name, where given, must fit."""
        demand(self.calls, "no call waits for the tool's message")
        call = self.calls.pop(0)
        demand(message.get("tool_name") in (None, call.name), f"tool_name {message.get('tool_name')} is not {call.name}")
        return Result(call, message["content"])

    def image(self, text):
        demand(self.model.sees, "this model is missing data required for image input")
        try:
            data = base64.b64decode(text, validate=True)
        except binascii.Error as why:
            raise Refusal("invalid", f"illegal base64 data at input byte 4 ({why})") from None
        demand(picture.media_type(data), "Failed to create new sequence: failed to process inputs: image: unknown format")
        return Picture(data)


class Writer:
    def __init__(self, model, reply):
        self.model, self.reply = model, reply

    def line(self, message, done=False):
        end = {"done_reason": "length" if self.reply.cut else "stop", "done": True, "total_duration": 1897385625, "load_duration": 1631208, "prompt_eval_count": self.reply.prompt_tokens,
               "prompt_eval_duration": 313560000, "eval_count": self.reply.answer_tokens + self.reply.thinking_tokens, "eval_duration": 1577990000}
        return {"model": self.model.name, "created_at": MOMENT, "message": {"role": "assistant", **message}, **(end if done else {"done": False})}

    def calls(self):
        return [{"function": {"name": call.name, "arguments": call.arguments}} for call in self.reply.calls]

    def whole(self):
        message = {"content": self.reply.text} | ({"thinking": self.reply.thinking} if self.reply.thinking else {}) | ({"tool_calls": self.calls()} if self.reply.calls else {})
        return json_answer(200, self.line(message, True))

    def stream(self):
        lines = [self.line({"content": "", "thinking": text}) for text in pieces(self.reply.thinking)]
        lines += [self.line({"content": text}) for text in pieces(self.reply.text)]
        lines += [self.line({"content": "", "tool_calls": [call]}) for call in self.calls()]
        lines.append(self.line({"content": ""}, True))
        return Answer(200, chunks=[json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines], headers={"Content-Type": "application/x-ndjson"})


def _refused(refusal, model):
    sent, most = refusal.param if refusal.kind == "context" else (0, 0)
    status, message = {
        "invalid": (400, refusal.message),
        "model": (404, f"model '{model}' not found"),
        "context": (400, f"prompt too long; exceeded max context length by {sent - most} tokens"),
        "key": (401, "unauthorized"),
        "limit": (429, "you've reached your hourly usage limit, please upgrade to continue"),
        "path": (404, "404 page not found"),
    }[refusal.kind]
    return json_answer(status, {"error": message})


def handle(site, request):
    """Ollama's cloud: the one that takes keys."""
    name = ""
    try:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if key not in (sites.KEY, sites.LIMITED_KEY):
            raise Refusal("key", "")
        path, body = request.path.removeprefix("/" + site.name), json.loads(request.body)
        name = body.get("model", "")
        if path not in ("/api/chat", "/api/embed"):
            raise Refusal("path", "")
        if key == sites.LIMITED_KEY:
            raise Refusal("limit", "")
        model = site.model(name)
        if model is None:
            raise Refusal("model", "")
        if path == "/api/embed":
            texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
            return json_answer(200, {"model": name, "embeddings": [vectors.of(text, body.get("dimensions", vectors.SIZE)) for text in texts], "total_duration": 1, "load_duration": 1,
                                     "prompt_eval_count": sum(map(vectors.tokens, texts))})
        writer = Writer(model, brain.answer(Reader(model, body).read(), sites.CONTEXT))
        return writer.stream() if body.get("stream", True) else writer.whole()
    except Refusal as refusal:
        return _refused(refusal, name)
