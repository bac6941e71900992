# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes Anthropic's answers, whole and as the events that it streams."""

import json

from ..conversation import pieces
from ..http_server import Answer, json_answer


class Writer:
    def __init__(self, model, reply, seal, number):
        self.model, self.reply, self.seal, self.id = model, reply, seal, f"msg_native{number}"

    def usage(self, output):
        return {"input_tokens": self.reply.prompt_tokens, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
                "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}, "output_tokens": output, "service_tier": "standard", "inference_geo": "not_available"}

    @property
    def output(self):
        return self.reply.answer_tokens + self.reply.thinking_tokens

    def stop_reason(self):
        return "tool_use" if self.reply.calls else "max_tokens" if self.reply.cut else "end_turn"

    def blocks(self):
        reply = self.reply
        if reply.thinking:
            yield {"type": "thinking", "thinking": reply.thinking, "signature": self.seal.of(reply.thinking)}
        if reply.text:
            yield {"type": "text", "text": reply.text}
        for call in reply.calls:
            yield {"type": "tool_use", "id": f"toolu_{int(call.id):024d}", "name": call.name, "input": call.arguments}

    def message(self, content, stop_reason, usage):
        return {"model": self.model.name, "id": self.id, "type": "message", "role": "assistant", "content": content, "stop_reason": stop_reason, "stop_sequence": None, "stop_details": None, "usage": usage}

    def whole(self):
        return json_answer(200, self.message(list(self.blocks()), self.stop_reason(), self.usage(self.output)), request_id="req_native")

    def events(self):
        yield {"type": "message_start", "message": self.message([], None, self.usage(1))}
        for index, block in enumerate(self.blocks()):
            empty, deltas = self.parts(block)
            yield {"type": "content_block_start", "index": index, "content_block": empty}
            if index == 0:
                yield {"type": "ping"}
            for delta in deltas:
                yield {"type": "content_block_delta", "index": index, "delta": delta}
            yield {"type": "content_block_stop", "index": index}
        details = {"output_tokens_details": {"thinking_tokens": self.reply.thinking_tokens}} if self.reply.thinking_tokens else {}
        yield {"type": "message_delta", "delta": {"stop_reason": self.stop_reason(), "stop_sequence": None, "stop_details": None},
               "usage": {"input_tokens": self.reply.prompt_tokens, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": self.output, **details}}
        yield {"type": "message_stop"}

    @staticmethod
    def parts(block):
        """How a block opens, and what it is filled with."""
        if block["type"] == "thinking":
            deltas = [{"type": "thinking_delta", "thinking": text} for text in pieces(block["thinking"])]
            return {"type": "thinking", "thinking": "", "signature": ""}, [*deltas, {"type": "signature_delta", "signature": block["signature"]}]
        if block["type"] == "text":
            return {"type": "text", "text": ""}, [{"type": "text_delta", "text": text} for text in pieces(block["text"])]
        return {**block, "input": {}, "caller": {"type": "direct"}}, [{"type": "input_json_delta", "partial_json": text} for text in ("", *pieces(json.dumps(block["input"]), 5))]

    def stream(self):
        events = [f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in self.events()]
        return Answer(200, chunks=events, headers={"Content-Type": "text/event-stream; charset=utf-8", "request-id": "req_native"})
