# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes Bedrock's Converse answers, whole and as an event stream."""

import json

from ..conversation import pieces
from ..http_server import Answer, json_answer
from .aws import frame

PADDING = "abcdefghijklmnopqrstuvwxyz"


class Writer:
    def __init__(self, reply, seal):
        self.reply, self.seal = reply, seal

    def usage(self):
        output = self.reply.answer_tokens + self.reply.thinking_tokens
        return {"inputTokens": self.reply.prompt_tokens, "outputTokens": output, "totalTokens": self.reply.prompt_tokens + output, "serverToolUsage": {}}

    def stop_reason(self):
        return "tool_use" if self.reply.calls else "max_tokens" if self.reply.cut else "end_turn"

    def use(self, call):
        return {"toolUseId": f"tooluse_{int(call.id):022d}", "name": call.name}

    def whole(self):
        reply = self.reply
        content = [{"reasoningContent": {"reasoningText": {"text": reply.thinking, "signature": self.seal.of(reply.thinking)}}}] if reply.thinking else []
        content += [{"text": reply.text}] if reply.text else []
        content += [{"toolUse": {**self.use(call), "input": call.arguments}} for call in reply.calls]
        return json_answer(200, {"metrics": {"latencyMs": 12}, "output": {"message": {"content": content, "role": "assistant"}}, "stopReason": self.stop_reason(), "usage": {**self.usage(), "cacheReadInputTokens": 0, "cacheWriteInputTokens": 0}})

    def blocks(self):
        """What opens each block (tools alone have that), and its deltas."""
        reply = self.reply
        if reply.thinking:
            yield None, [*({"reasoningContent": {"text": text}} for text in pieces(reply.thinking)), {"reasoningContent": {"signature": self.seal.of(reply.thinking)}}]
        if reply.text:
            yield None, [{"text": text} for text in pieces(reply.text)]
        for call in reply.calls:
            yield {"toolUse": self.use(call)}, [{"toolUse": {"input": text}} for text in pieces(json.dumps(call.arguments), 5)]

    def events(self):
        yield "messageStart", {"role": "assistant"}
        for index, (start, deltas) in enumerate(self.blocks()):
            if start:
                yield "contentBlockStart", {"contentBlockIndex": index, "start": start}
            for delta in deltas:
                yield "contentBlockDelta", {"contentBlockIndex": index, "delta": delta}
            yield "contentBlockStop", {"contentBlockIndex": index}
        yield "messageStop", {"stopReason": self.stop_reason()}
        yield "metadata", {"metrics": {"latencyMs": 12}, "usage": self.usage()}

    def stream(self):
        frames = [frame(name, {**payload, "p": PADDING[: at % 20]}) for at, (name, payload) in enumerate(self.events())]
        return Answer(200, chunks=frames, headers={"Content-Type": "application/vnd.amazon.eventstream"})

