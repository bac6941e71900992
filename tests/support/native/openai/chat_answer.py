# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes an answer of /chat/completions, whole or as a stream, as each provider does."""

import json
import time

from ..conversation import pieces
from ..http_server import Answer, json_answer
from .dialects import dialect_of


class Writer:
    def __init__(self, site, model, reply, seal, number):
        self.site, self.dialect, self.model, self.reply, self.seal = site, dialect_of(site), model, reply, seal
        self.id, self.created = f"chatcmpl-native{number}", int(time.time())

    # --- what both forms share

    def usage(self):
        reply, apart = self.reply, self.dialect.thought_apart
        completion = reply.answer_tokens + (0 if apart else reply.thinking_tokens)
        usage = {"prompt_tokens": reply.prompt_tokens, "completion_tokens": completion, "total_tokens": reply.prompt_tokens + reply.answer_tokens + reply.thinking_tokens}
        if reply.thinking_tokens or self.site.kind in ("openai", "azure", "xai", "openrouter"):
            usage["completion_tokens_details"] = {"reasoning_tokens": reply.thinking_tokens}
        if self.site.kind == "deepseek":
            usage |= {"prompt_cache_hit_tokens": 0, "prompt_cache_miss_tokens": reply.prompt_tokens}
        return usage

    def finish(self):
        return "tool_calls" if self.reply.calls else "length" if self.reply.cut else self.dialect.stop_word

    def call(self, call):
        return {"id": self.dialect.call_id.format(int(call.id)), "type": "function", "function": {"name": call.name, "arguments": json.dumps(call.arguments)}}

    def details(self, text):
        return [{"type": "reasoning.text", "text": text, "signature": self.seal.of(text), "format": "anthropic-claude-v1", "index": 0}]

    def envelope(self, kind, choices):
        members = {"id": self.id, "object": kind, "created": self.created, "model": self.model.name, "choices": choices, **self.dialect.envelope}
        if not self.dialect.object:
            del members["object"]
        return members

    # --- whole

    def message(self):
        reply, key = self.reply, self.dialect.thought
        message = {"role": "assistant", "content": reply.text if reply.text or not reply.calls else None, **self.dialect.message}
        if reply.thinking and key == "array":
            message["content"] = [{"type": "thinking", "thinking": [{"type": "text", "text": reply.thinking}]}, *([{"type": "text", "text": reply.text}] if reply.text else ())]
        elif reply.thinking and key == "details":
            message |= {"reasoning": reply.thinking, "reasoning_details": self.details(reply.thinking)}
        elif reply.thinking and key:
            message[key] = reply.thinking
        if reply.calls:
            message["tool_calls"] = [self.call(call) for call in reply.calls]
        return message

    def whole(self):
        body = self.envelope("chat.completion", [{"index": 0, "message": self.message(), "finish_reason": self.finish(), **self.dialect.choice}])
        if self.dialect.azure:
            body["prompt_filter_results"] = [{"prompt_index": 0, "content_filter_results": self.dialect.choice["content_filter_results"]}]
        if self.dialect.usage == "groq":
            body["x_groq"] = {"id": "req_native"}
        return json_answer(200, body | {"usage": self.usage()})

    # --- stream

    def deltas(self):
        reply, key = self.reply, self.dialect.thought
        yield {"role": "assistant", "content": None if reply.calls else "", **({"refusal": None} if self.site.kind in ("openai", "azure") else {})}
        for text in pieces(reply.thinking) if key else ():
            if key == "array":
                yield {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": text}]}]}
            elif key == "details":
                yield {"content": "", "reasoning": text, "reasoning_details": [{"type": "reasoning.text", "text": text, "format": "anthropic-claude-v1", "index": 0}]}
            else:
                yield {key: text}
        if reply.thinking and key == "details":
            yield {"content": "", "reasoning_details": [{"type": "reasoning.text", "signature": self.seal.of(reply.thinking), "format": "anthropic-claude-v1", "index": 0}]}
        for text in pieces(reply.text):
            yield {"content": [{"type": "text", "text": text}] if key == "array" and reply.thinking else text}
        for at, call in enumerate(reply.calls, self.dialect.first_index):
            yield from self.call_deltas(at, self.call(call))

    def call_deltas(self, at, call):
        if self.dialect.whole_calls:
            yield {"tool_calls": [{"index": at, **call}]}
            return
        arguments = call["function"].pop("arguments")
        yield {"tool_calls": [{"index": at, **call, "function": {**call["function"], "arguments": ""}}]}
        for text in pieces(arguments, 5):
            yield {"tool_calls": [{"index": at, **({"id": "", "type": "function"} if self.dialect.empty_ids else {}), "function": {"arguments": text}}]}

    def chunks(self, asked):
        """@param asked  stream_options.include_usage"""
        dialect, said = self.dialect, ""
        nulls = {"usage": None} if dialect.usage_nulls or (asked and dialect.usage == "asked") else {}
        if dialect.azure:
            yield {"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": dialect.choice["content_filter_results"]}]}
        for delta in self.deltas():
            if dialect.role_always:
                delta = {"role": "assistant", **delta}
            said += delta.get("content") or "" if isinstance(delta.get("content"), str) else ""
            choice = {"index": 0, "delta": delta, "finish_reason": None, **dialect.choice}
            if dialect.cumulative:
                choice["message"] = {"role": "assistant", "content": said}
            yield self.envelope("chat.completion.chunk", [choice]) | nulls | ({"usage": self.usage()} if dialect.usage == "every" else {})
        yield from self.last_chunks(asked, said)

    def last_chunks(self, asked, said):
        usage = self.dialect.usage
        choice = {"index": 0, "delta": {"content": ""} if usage == "last" else {}, "finish_reason": self.finish(), **self.dialect.choice}
        if self.dialect.cumulative:
            choice |= {"message": {"role": "assistant", "content": said}, "delta": {"role": "assistant", "content": ""}}
        last = self.envelope("chat.completion.done" if self.dialect.cumulative else "chat.completion.chunk", [choice])
        if usage in ("last", "every"):
            last["usage"] = self.usage()
        elif usage == "groq":
            last["x_groq"] = {"id": "req_native", "usage": self.usage()}
        yield last
        if usage == "asked" and asked:
            yield self.envelope("chat.completion.chunk", []) | {"usage": self.usage()}

    def stream(self, asked):
        end = self.dialect.newline
        events = ["".join(line + end for line in self.dialect.beginning)] if self.dialect.beginning else []
        events += [f"data: {json.dumps(chunk, ensure_ascii=False)}{end}{end}" for chunk in self.chunks(asked)]
        if self.dialect.done:
            events.append(f"data: [DONE]{end}{end}")
        return Answer(200, chunks=[event.encode() for event in events], headers={"Content-Type": "text/event-stream"})
