# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes Cohere's answers, whole and as the events that it streams."""

import json

from ..conversation import pieces
from ..http_server import Answer, json_answer

PLAN = "I will use a tool to find out."


class Writer:
    def __init__(self, reply, number):
        self.reply, self.id = reply, f"00000000-0000-0000-0000-{number:012d}"

    def usage(self):
        output = self.reply.answer_tokens + self.reply.thinking_tokens
        return {"billed_units": {"input_tokens": self.reply.prompt_tokens, "output_tokens": output}, "tokens": {"input_tokens": self.reply.prompt_tokens, "output_tokens": output}, "cached_tokens": 0}

    def finish(self):
        return "TOOL_CALL" if self.reply.calls else "MAX_TOKENS" if self.reply.cut else "COMPLETE"

    def call(self, call):
        return {"id": f"{call.name}_{int(call.id):012d}", "type": "function", "function": {"name": call.name, "arguments": json.dumps(call.arguments)}}

    def content(self):
        reply = self.reply
        return ([{"type": "thinking", "thinking": reply.thinking}] if reply.thinking else []) + ([{"type": "text", "text": reply.text}] if reply.text else [])

    def whole(self):
        message = {"role": "assistant"}
        if self.content():
            message["content"] = self.content()
        if self.reply.calls:
            message |= {"tool_plan": PLAN, "tool_calls": [self.call(call) for call in self.reply.calls]}
        return json_answer(200, {"id": self.id, "message": message, "finish_reason": self.finish(), "usage": self.usage()})

    def events(self):
        yield {"id": self.id, "type": "message-start", "delta": {"message": {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}}}
        for index, part in enumerate(self.content()):
            key = part["type"]
            yield {"type": "content-start", "index": index, "delta": {"message": {"content": {"type": key, key: ""}}}}
            for text in pieces(part[key]):
                yield {"type": "content-delta", "index": index, "delta": {"message": {"content": {key: text}}}}
            yield {"type": "content-end", "index": index}
        for text in pieces(PLAN) if self.reply.calls else ():
            yield {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": text}}}
        for index, call in enumerate(map(self.call, self.reply.calls)):
            arguments = call["function"]["arguments"]
            call["function"]["arguments"] = ""
            yield {"type": "tool-call-start", "index": index, "delta": {"message": {"tool_calls": call}}}
            for text in pieces(arguments, 5):
                yield {"type": "tool-call-delta", "index": index, "delta": {"message": {"tool_calls": {"function": {"arguments": text}}}}}
            yield {"type": "tool-call-end", "index": index}
        yield {"type": "message-end", "delta": {"finish_reason": self.finish(), "usage": self.usage()}}

    def stream(self):
        events = [f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in self.events()]
        return Answer(200, chunks=[*events, b"data: [DONE]\n\n"], headers={"Content-Type": "text/event-stream"})
