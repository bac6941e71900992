# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes OpenAI's Responses, whole and as the events that it streams."""

import itertools
import json
import time

from ..conversation import pieces
from ..http_server import Answer, json_answer


class Writer:
    def __init__(self, model, body, reply, seal, number):
        self.model, self.asked, self.reply, self.seal, self.number = model, body, reply, seal, number
        self.id, self.created = f"resp_native{number}", int(time.time())

    def response(self, status, output, usage=None):
        asked = self.asked
        reasoning = asked.get("reasoning") or {}
        incomplete = {"reason": "max_output_tokens"} if status == "incomplete" else None
        return {"id": self.id, "object": "response", "created_at": self.created, "status": status, "background": False, "error": None, "incomplete_details": incomplete,
                "instructions": asked.get("instructions"), "max_output_tokens": asked.get("max_output_tokens"), "max_tool_calls": None, "model": self.model.name, "output": output,
                "parallel_tool_calls": asked.get("parallel_tool_calls", True), "previous_response_id": asked.get("previous_response_id"),
                "reasoning": {"effort": reasoning.get("effort"), "summary": reasoning.get("summary")}, "safety_identifier": None, "service_tier": "default", "store": asked.get("store", True),
                "temperature": 1.0, "text": asked.get("text") or {"format": {"type": "text"}}, "tool_choice": asked.get("tool_choice", "auto"), "tools": asked.get("tools", []), "top_logprobs": 0,
                "top_p": 1.0, "truncation": "disabled", "usage": usage, "user": None, "metadata": {}}

    def usage(self):
        reply = self.reply
        output = reply.answer_tokens + reply.thinking_tokens
        return {"input_tokens": reply.prompt_tokens, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": output, "output_tokens_details": {"reasoning_tokens": reply.thinking_tokens},
                "total_tokens": reply.prompt_tokens + output}

    def status(self):
        return "incomplete" if self.reply.cut else "completed"

    def items(self):
        reply, number = self.reply, self.number
        if reply.thinking:
            summary = [{"type": "summary_text", "text": reply.thinking}] if (self.asked.get("reasoning") or {}).get("summary") else []
            item = {"id": f"rs_native{number}", "type": "reasoning", "summary": summary}
            if "reasoning.encrypted_content" in (self.asked.get("include") or ()):
                item["encrypted_content"] = self.seal.closed(reply.thinking)
            yield item
        if reply.text:
            part = {"type": "output_text", "annotations": [], "logprobs": [], "text": reply.text}
            yield {"id": f"msg_native{number}", "type": "message", "status": "completed", "content": [part], "role": "assistant"}
        for call in reply.calls:
            yield {"id": f"fc_native{call.id}", "type": "function_call", "status": "completed", "arguments": json.dumps(call.arguments), "call_id": f"call_{int(call.id):024d}", "name": call.name}

    def whole(self):
        return json_answer(200, self.response(self.status(), list(self.items()), self.usage()))

    def events(self):
        yield {"type": "response.created", "response": self.response("in_progress", [])}
        yield {"type": "response.in_progress", "response": self.response("in_progress", [])}
        items = list(self.items())
        for index, item in enumerate(items):
            yield from {"reasoning": self.reasoning, "message": self.message, "function_call": self.call}[item["type"]](index, item)
        yield {"type": f"response.{self.status()}", "response": self.response(self.status(), items, self.usage())}

    @staticmethod
    def reasoning(index, item):
        place = {"item_id": item["id"], "output_index": index}
        yield {"type": "response.output_item.added", "output_index": index, "item": {**item, "summary": []}}
        for at, part in enumerate(item["summary"]):
            here = {**place, "summary_index": at}
            yield {"type": "response.reasoning_summary_part.added", **here, "part": {"type": "summary_text", "text": ""}}
            for text in pieces(part["text"]):
                yield {"type": "response.reasoning_summary_text.delta", **here, "delta": text, "obfuscation": "aB3"}
            yield {"type": "response.reasoning_summary_text.done", **here, "text": part["text"]}
            yield {"type": "response.reasoning_summary_part.done", **here, "part": part}
        yield {"type": "response.output_item.done", "output_index": index, "item": item}

    @staticmethod
    def message(index, item):
        place = {"item_id": item["id"], "output_index": index, "content_index": 0}
        part = item["content"][0]
        yield {"type": "response.output_item.added", "output_index": index, "item": {**item, "status": "in_progress", "content": []}}
        yield {"type": "response.content_part.added", **place, "part": {**part, "text": ""}}
        for text in pieces(part["text"]):
            yield {"type": "response.output_text.delta", **place, "delta": text, "logprobs": [], "obfuscation": "aB3"}
        yield {"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []}
        yield {"type": "response.content_part.done", **place, "part": part}
        yield {"type": "response.output_item.done", "output_index": index, "item": item}

    @staticmethod
    def call(index, item):
        place = {"item_id": item["id"], "output_index": index}
        yield {"type": "response.output_item.added", "output_index": index, "item": {**item, "status": "in_progress", "arguments": ""}}
        for text in pieces(item["arguments"], 5):
            yield {"type": "response.function_call_arguments.delta", **place, "delta": text, "obfuscation": "aB3"}
        yield {"type": "response.function_call_arguments.done", **place, "arguments": item["arguments"]}
        yield {"type": "response.output_item.done", "output_index": index, "item": item}

    def stream(self):
        numbers = itertools.count()
        events = [{**event, "sequence_number": next(numbers)} for event in self.events()]
        return Answer(200, chunks=[f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in events], headers={"Content-Type": "text/event-stream"})
