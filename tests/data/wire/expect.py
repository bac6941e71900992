#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what every recorded answer means: reads the recordings with Python's own json and struct modules, and
writes expected.json beside itself, against which tst_Conformance holds the decoders; and turns recorded requests of the
formats that no caller speaks into OpenAI's ("ask"), of which the encoders must make the recorded ones. It shares no code
with them, and is plain rather than clever: it knows what is in the recordings, not what might be.

    tests/data/wire/expect.py [FOLDER OF RECORDINGS]     default: $SIGNALBOX_WIRE_FIXTURES

Texts above 80 characters are written as their length and the begin of their SHA-256.
"""
import hashlib
import json
import os
import re
import struct
import sys

FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.environ["SIGNALBOX_WIRE_FIXTURES"]
COMPATIBLE = {"openai-chat", "azure", "mistral", "groq", "together", "deepseek", "xai", "openrouter", "perplexity", "vllm",
              "moonshot", "alibaba", "cerebras"}


def read(name):
    with open(os.path.join(FOLDER, name), "rb") as file:
        return file.read()


def short(text):
    return text if len(text) <= 80 else "%d:%s" % (len(text), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16])


class Answer:
    """What an answer says once its pieces are put together."""

    def __init__(self):
        self.id = self.model = ""
        self.choices = {}
        self.usage = None
        self.failed = self.cut = False
        self.natives = 0

    def choice(self, number=0):
        return self.choices.setdefault(number, {"text": "", "thinking": "", "seals": "", "refusal": "", "calls": [], "sources": [],
                                                "finish": None, "word": "", "order": []})

    def said(self, kind, number=0):
        order = self.choice(number)["order"]
        if not order or order[-1] != kind:
            order.append(kind)

    def text(self, text, number=0):
        if text:
            self.said("text", number)
            self.choice(number)["text"] += text

    def thought(self, text="", seal="", number=0):
        if text or seal:
            self.said("thinking", number)
            self.choice(number)["thinking"] += text or ""
            self.choice(number)["seals"] += seal or ""

    def refusal(self, text, number=0):
        if text:
            self.said("refusal", number)
            self.choice(number)["refusal"] += text

    def call(self, ident, name, number=0, signature=""):
        self.said("call", number)
        self.choice(number)["calls"].append({"id": ident or "", "name": name or "", "arguments": "", "signature": signature or ""})
        return self.choice(number)["calls"][-1]

    def source(self, url, number=0):
        if url:
            self.choice(number)["sources"].append(url)

    def finish(self, reason, word, number=0):
        choice = self.choice(number)
        if choice["finish"] is None:
            choice["finish"], choice["word"] = reason, word

    def summary(self):
        out = {"id": self.id, "model": self.model}
        if self.failed or self.cut:
            out["ends"] = "error" if self.failed else "cut"
        out["usage"] = self.usage
        if self.natives:
            out["natives"] = self.natives
        out["choices"] = []
        for number in sorted(self.choices):
            choice = self.choices[number]
            shown = {}
            for name in ("text", "thinking", "seals", "refusal"):
                if choice[name]:
                    shown[name] = short(choice[name])
            if choice["calls"]:
                shown["calls"] = []
                for call in choice["calls"]:
                    text = call["arguments"]
                    try:
                        text = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                    except ValueError:
                        pass
                    shown["calls"].append({**{k: v for k, v in call.items() if v and k != "signature"}, "arguments": short(text),
                                           **({"signature": short(call["signature"])} if call["signature"] else {})})
            if choice["sources"]:
                shown["sources"] = [short(url) for url in choice["sources"]]
            if choice["finish"]:
                shown["finish"], shown["word"] = choice["finish"], choice["word"]
            shown["order"] = " ".join(choice["order"])
            out["choices"].append(shown)
        return out


def counts(prompt, completion, cached=0, written=0, hour=0, reasoning=0):
    return {"in": prompt, "out": completion, "cached": cached, "written": written, "hour": hour, "reasoning": reasoning}


# --- framing

def events(data):
    """(type, data) of a stream of server-sent events, by the WHATWG grammar."""
    text = data.decode("utf-8")
    if text.startswith("\ufeff"):
        text = text[1:]
    kind, lines = "", []
    for line in re.split("\r\n|\r|\n", text):
        if line == "":
            if lines:
                yield kind, "\n".join(lines)
            kind, lines = "", []
            continue
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "data":
            lines.append(value)
        elif name == "event":
            kind = value
    if lines:
        yield kind, "\n".join(lines)


def frames(data):
    """(headers, payload) of an AWS event stream; None at the end where it is damaged."""
    import zlib
    at = 0
    while at < len(data):
        if at + 12 > len(data):
            yield None
            return
        total, size, crc = struct.unpack(">III", data[at:at + 12])
        whole = data[at:at + total]
        if len(whole) < total or zlib.crc32(whole[:8]) != crc or zlib.crc32(whole[:-4]) != struct.unpack(">I", whole[-4:])[0]:
            yield None
            return
        headers, head = {}, whole[12:12 + size]
        while head:
            length = head[0]
            name, head = head[1:1 + length].decode(), head[1 + length:]
            assert head[0] == 7
            length = struct.unpack(">H", head[1:3])[0]
            headers[name], head = head[3:3 + length].decode(), head[3 + length:]
        yield headers, whole[12 + size:-4]
        at += total


# --- OpenAI's chat and its imitators

CHAT_WORDS = {"stop": "stop", "length": "length", "tool_calls": "tool_calls", "content_filter": "content_filter", "eos": "stop",
              "function_call": "tool_calls", "model_length": "length", "error": "error"}


def chat_usage(usage, separate):
    if not usage or usage.get("prompt_tokens") is None:
        return None
    details, out = usage.get("prompt_tokens_details") or {}, usage.get("completion_tokens") or 0
    reasoning = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or usage.get("reasoning_tokens") or 0
    cached = details.get("cached_tokens") or usage.get("prompt_cache_hit_tokens") or 0
    if separate and usage.get("total_tokens") == usage["prompt_tokens"] + out + reasoning:
        out += reasoning
    # Some report more from the cache than there was in the prompt: no more than that can be billed as such.
    return counts(usage["prompt_tokens"], out, min(cached, usage["prompt_tokens"]), reasoning=reasoning)


def chat_message(answer, message, number, whole, calls):
    thinking = message.get("reasoning_content") or message.get("reasoning") or ""
    details = message.get("reasoning_details") or []
    if thinking and not any(each.get("text") or each.get("summary") for each in details):
        answer.thought(thinking, number=number)
    for each in details:
        answer.thought(each.get("text") or each.get("summary") or "", (each.get("signature") or "") + (each.get("data") or ""), number)
    content = message.get("content")
    for part in content if isinstance(content, list) else []:
        if part.get("type") == "thinking":
            answer.thought("".join(each.get("text", "") for each in part["thinking"]), number=number)
        else:
            answer.text(part.get("text"), number)
    if isinstance(content, str):
        answer.text(content, number)
    answer.refusal(message.get("refusal"), number)
    for each in message.get("annotations") or []:
        answer.source((each.get("url_citation") or {}).get("url"), number)
    for each in message.get("tool_calls") or []:
        function = each.get("function") or {}
        key = (number, each.get("index", -1))
        if whole or key not in calls:
            extra = ((each.get("extra_content") or {}).get("google") or {}).get("thought_signature")
            calls[key] = answer.call(each.get("id"), function.get("name"), number, extra)
        calls[key]["arguments"] += function.get("arguments") or ""


def chat_sources(answer, root):
    results = root.get("search_results")
    return [each["url"] for each in results] if results else root.get("citations") or []


def chat(answer, pieces, whole, separate):
    calls, sources = {}, []
    for kind, data in pieces:
        if data == "[DONE]":
            break
        if not data:
            continue
        root = json.loads(data)
        if kind == "error" or root.get("error"):
            answer.failed = True
            return
        answer.id = answer.id or root.get("id") or ""
        if answer.id and not answer.model:
            answer.model = root.get("model") or ""
        sources = chat_sources(answer, root) or sources
        for choice in root.get("choices") or []:
            number = choice.get("index") or 0
            answer.choice(number)
            chat_message(answer, (choice.get("message") if whole else choice.get("delta")) or {}, number, whole, calls)
            if choice.get("finish_reason"):
                for url in sources:
                    answer.source(url)
                sources = []
                word = choice["finish_reason"]
                answer.finish(CHAT_WORDS.get(word, "stop"), word, number)
            answer.usage = chat_usage(choice.get("usage"), separate) or answer.usage
        answer.usage = chat_usage(root.get("usage") or (root.get("x_groq") or {}).get("usage"), separate) or answer.usage
    answer.cut = not whole and any(choice["finish"] is None for choice in answer.choices.values())


# --- Anthropic

ANTHROPIC_WORDS = {"end_turn": "stop", "stop_sequence": "stop_sequence", "tool_use": "tool_calls", "max_tokens": "length", "refusal": "refusal"}


def anthropic_usage(answer, usage, state):
    state.update({key: value for key, value in usage.items() if value is not None})
    written = state.get("cache_creation_input_tokens", 0)
    hour = (state.get("cache_creation") or {}).get("ephemeral_1h_input_tokens", 0)
    cached = state.get("cache_read_input_tokens", 0)
    answer.usage = counts(state.get("input_tokens", 0) + cached + written, state.get("output_tokens", 0), cached, written - hour, hour)


def anthropic_block(answer, block):
    kind, call = block["type"], None
    if kind == "text":
        answer.text(block["text"])
        for each in block.get("citations") or []:
            answer.source(each.get("url"))
    elif kind == "thinking":
        answer.thought(block["thinking"], block.get("signature"))
    elif kind == "redacted_thinking":
        answer.thought("", block["data"])
    elif kind == "tool_use":
        call = answer.call(block["id"], block["name"])
        call["arguments"] = json.dumps(block["input"]) if block["input"] else ""
    else:
        answer.natives += 1
        answer.said("native")
    return kind, call


def anthropic_end(answer, told):
    word = told.get("stop_reason")
    if not word:
        return
    if word == "refusal":
        answer.refusal((told.get("stop_details") or {}).get("explanation"))
    answer.finish(ANTHROPIC_WORDS.get(word, "stop"), word)


def anthropic_stream(answer, pieces):
    blocks, state = {}, {}
    answer.cut = True
    for _, data in pieces:
        event = json.loads(data)
        kind = event["type"]
        if kind == "error":
            answer.failed, answer.cut = True, False
            return
        if kind == "message_start":
            answer.id, answer.model = event["message"]["id"], event["message"]["model"]
            anthropic_usage(answer, event["message"]["usage"], state)
        elif kind == "content_block_start":
            blocks[event["index"]] = anthropic_block(answer, event["content_block"])
        elif kind == "content_block_delta":
            delta = event["delta"]
            told = {"text_delta": lambda: answer.text(delta["text"]), "thinking_delta": lambda: answer.thought(delta["thinking"]),
                    "signature_delta": lambda: answer.thought("", delta["signature"]),
                    "citations_delta": lambda: answer.source(delta["citation"].get("url"))}
            if delta["type"] == "input_json_delta":
                if blocks[event["index"]][1]:
                    blocks[event["index"]][1]["arguments"] += delta["partial_json"]
            elif delta["type"] in told:
                told[delta["type"]]()
        elif kind == "content_block_stop":
            call = blocks[event["index"]][1]
            if call:
                call["arguments"] = call["arguments"] or "{}"
        elif kind == "message_delta":
            anthropic_usage(answer, event.get("usage") or {}, state)
            anthropic_end(answer, event["delta"])
        elif kind == "message_stop":
            answer.cut = False


def anthropic(answer, root):
    answer.id, answer.model = root["id"], root["model"]
    for block in root["content"]:
        _, call = anthropic_block(answer, block)
        if call:
            call["arguments"] = call["arguments"] or "{}"
    anthropic_usage(answer, root["usage"], {})
    anthropic_end(answer, root)


# --- Gemini

GEMINI_WORDS = {"STOP": "stop", "MAX_TOKENS": "length", "SAFETY": "content_filter"}


def place(root, path, value):
    """Puts a piece of a call's arguments where `$.a.b[0]` says."""
    steps = [int(index) if index else name for name, index in re.findall(r"\.([^.\[]+)|\[(\d+)\]", path)]
    for step, following in zip(steps, steps[1:]):
        empty = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            while len(root) <= step:
                root.append(empty)
            root = root[step]
        else:
            root = root.setdefault(step, empty)
    last = steps[-1]
    if isinstance(root, list):
        while len(root) <= last:
            root.append(None)
    before = root.get(last) if isinstance(root, dict) else root[last]
    root[last] = before + value if isinstance(before, str) and isinstance(value, str) else value


def gemini(answer, pieces):
    open_call, tree = None, None

    def close():
        nonlocal open_call
        if open_call is not None:
            open_call["arguments"] = json.dumps(tree)
        open_call = None

    for _, data in pieces:
        root = json.loads(data) if isinstance(data, str) else data
        if "error" in root:
            answer.failed = True
            return
        if not answer.id:
            answer.id, answer.model = root.get("responseId", ""), root.get("modelVersion", "")
        for candidate in root.get("candidates") or []:
            number = candidate.get("index", 0)
            answer.choice(number)
            for part in (candidate.get("content") or {}).get("parts") or []:
                call, signature = part.get("functionCall"), part.get("thoughtSignature", "")
                if call is not None:
                    if call.get("name"):
                        close()
                        open_call, tree = answer.call(call.get("id"), call["name"], number, signature), {}
                    for piece in call.get("partialArgs") or []:
                        values = [piece[key] for key in ("stringValue", "numberValue", "boolValue") if key in piece]
                        place(tree, piece["jsonPath"], values[0] if values else None)
                    if "args" in call and open_call is not None:
                        tree = call["args"]
                        close()
                    elif not call.get("willContinue"):
                        close()
                    continue
                close()
                if part.get("thought"):
                    answer.thought(part.get("text"), signature, number)
                    continue
                if not set(part) <= {"text", "thoughtSignature"}:
                    answer.natives += 1
                    answer.said("native", number)
                    continue
                answer.text(part.get("text"), number)
                answer.thought("", signature, number)
            for chunk in (candidate.get("groundingMetadata") or {}).get("groundingChunks") or []:
                answer.source((chunk.get("web") or {}).get("uri"), number)
            for cited in (candidate.get("citationMetadata") or {}).get("citationSources") or []:
                answer.source(cited.get("uri"), number)
            if candidate.get("finishReason"):
                close()
                word, calls = candidate["finishReason"], answer.choice(number)["calls"]
                reason = GEMINI_WORDS[word]
                if reason == "content_filter":
                    answer.refusal(candidate.get("finishMessage"), number)
                answer.finish("tool_calls" if reason == "stop" and calls else reason, word, number)
        feedback = root.get("promptFeedback") or {}
        if feedback.get("blockReason"):
            answer.refusal(feedback.get("blockReasonMessage"))
            answer.finish("content_filter", feedback["blockReason"])
        usage = root.get("usageMetadata") or {}
        numbers = [usage.get(key, 0) for key in ("promptTokenCount", "toolUsePromptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")]
        if numbers[0] + numbers[2] + numbers[3] > 0:
            answer.usage = counts(numbers[0] + numbers[1], numbers[2] + numbers[3], usage.get("cachedContentTokenCount", 0), reasoning=numbers[3])
    answer.cut = any(choice["finish"] is None for choice in answer.choices.values())


# --- Bedrock

BEDROCK_WORDS = {"end_turn": "stop", "tool_use": "tool_calls", "max_tokens": "length", "guardrail_intervened": "content_filter"}


def bedrock_usage(answer, usage):
    cached, written = usage.get("cacheReadInputTokens", 0), usage.get("cacheWriteInputTokens", 0)
    hour = sum(each["inputTokens"] for each in usage.get("cacheDetails") or [] if each["ttl"] == "1h")
    answer.usage = counts(usage["inputTokens"] + cached + written, usage["outputTokens"], cached, written - hour, hour)


def bedrock_source(answer, citation):
    url = ((citation.get("location") or {}).get("web") or {}).get("url")
    answer.source(url or (citation["source"] if citation.get("source", "").startswith("http") else None))


def bedrock_piece(answer, piece):
    if "text" in piece:
        answer.text(piece["text"])
    elif "reasoningContent" in piece:
        inner = piece["reasoningContent"].get("reasoningText") or piece["reasoningContent"]
        answer.thought(inner.get("text"), (inner.get("signature") or "") + (inner.get("redactedContent") or ""))
    elif "citation" in piece:
        bedrock_source(answer, piece["citation"])


def bedrock(answer, root):
    for block in root["output"]["message"]["content"]:
        if "toolUse" in block:
            call = answer.call(block["toolUse"]["toolUseId"], block["toolUse"]["name"])
            call["arguments"] = json.dumps(block["toolUse"]["input"])
        else:
            bedrock_piece(answer, block)
    bedrock_usage(answer, root["usage"])
    answer.finish(BEDROCK_WORDS[root["stopReason"]], root["stopReason"])


def bedrock_stream(answer, data):
    calls = {}
    for frame in frames(data):
        if frame is None:
            answer.failed = True
            return
        headers, payload = frame
        if headers[":message-type"] != "event":
            answer.failed = True
            return
        kind, event = headers[":event-type"], json.loads(payload)
        index = event.get("contentBlockIndex")
        if kind == "contentBlockStart" and "toolUse" in event["start"]:
            calls[index] = answer.call(event["start"]["toolUse"]["toolUseId"], event["start"]["toolUse"]["name"])
        elif kind == "contentBlockDelta":
            if "toolUse" in event["delta"]:
                calls[index]["arguments"] += event["delta"]["toolUse"].get("input", "")
            else:
                bedrock_piece(answer, event["delta"])
        elif kind == "contentBlockStop" and index in calls:
            calls[index]["arguments"] = calls[index]["arguments"] or "{}"
        elif kind == "messageStop":
            answer.finish(BEDROCK_WORDS[event["stopReason"]], event["stopReason"])
        elif kind == "metadata":
            bedrock_usage(answer, event["usage"])
    answer.cut = answer.choice()["finish"] is None


# --- Cohere

COHERE_WORDS = {"COMPLETE": "stop", "MAX_TOKENS": "length", "TOOL_CALL": "tool_calls"}


def cohere_usage(answer, usage):
    tokens = usage["tokens"]
    answer.usage = counts(int(tokens["input_tokens"]), int(tokens["output_tokens"]), int(usage.get("cached_tokens") or 0))


def cohere_sources(answer, citations):
    for citation in citations if isinstance(citations, list) else [citations]:
        for source in citation.get("sources") or []:
            for inner in (source.get("document") or {}, source.get("tool_output") or {}):
                answer.source(inner.get("url"))


def cohere_call(answer, call):
    made = answer.call(call["id"], call["function"]["name"])
    made["arguments"] = call["function"].get("arguments") or ""
    return made


def no_arguments(call):
    call["arguments"] = "{}" if call["arguments"] in ("", "null") else call["arguments"]


def cohere(answer, root):
    answer.id, message = root["id"], root["message"]
    answer.thought(message.get("tool_plan"))
    for part in message.get("content") or []:
        answer.thought(part.get("thinking"))
        answer.text(part.get("text"))
    cohere_sources(answer, message.get("citations") or [])
    for call in message.get("tool_calls") or []:
        no_arguments(cohere_call(answer, call))
    cohere_usage(answer, root["usage"])
    answer.finish(COHERE_WORDS[root["finish_reason"]], root["finish_reason"])


def cohere_stream(answer, pieces):
    calls = {}
    answer.cut = True
    for _, data in pieces:
        if data == "[DONE]":
            break
        event = json.loads(data)
        kind, message = event["type"], (event.get("delta") or {}).get("message") or {}
        if kind == "message-start":
            answer.id = event["id"]
        elif kind in ("content-start", "content-delta"):
            answer.thought(message["content"].get("thinking"))
            answer.text(message["content"].get("text"))
        elif kind == "tool-plan-delta":
            answer.thought(message["tool_plan"])
        elif kind == "tool-call-start":
            calls[event["index"]] = cohere_call(answer, message["tool_calls"])
        elif kind == "tool-call-delta":
            calls[event["index"]]["arguments"] += message["tool_calls"]["function"]["arguments"]
        elif kind == "tool-call-end":
            no_arguments(calls[event["index"]])
        elif kind == "citation-start":
            cohere_sources(answer, message["citations"])
        elif kind == "message-end":
            cohere_usage(answer, event["delta"]["usage"])
            answer.finish(COHERE_WORDS[event["delta"]["finish_reason"]], event["delta"]["finish_reason"])
            answer.cut = False


# --- Ollama

def ollama(answer, lines):
    answer.cut = True
    for line in lines:
        root = json.loads(line)
        if "error" in root:
            answer.failed, answer.cut = True, False
            return
        answer.model, message = answer.model or root["model"], root["message"]
        answer.thought(message.get("thinking"))
        answer.text(message.get("content"))
        for call in message.get("tool_calls") or []:
            made = answer.call(call.get("id"), call["function"]["name"])
            made["arguments"] = json.dumps(call["function"]["arguments"])
        if root.get("done"):
            answer.cut = False
            answer.usage = counts(root.get("prompt_eval_count", 0), root.get("eval_count", 0))
            word = root.get("done_reason", "")
            answer.finish("tool_calls" if answer.choice()["calls"] else "length" if word == "length" else "stop", word)


# --- Responses

def responses_usage(answer, usage, separate):
    if not usage:
        return
    details, out = usage.get("input_tokens_details") or {}, usage["output_tokens"]
    reasoning = (usage.get("output_tokens_details") or {}).get("reasoning_tokens", 0)
    if separate and usage["total_tokens"] == usage["input_tokens"] + out + reasoning:
        out += reasoning
    answer.usage = counts(usage["input_tokens"], out, details.get("cached_tokens", 0), details.get("cache_write_tokens", 0), reasoning=reasoning)


def responses_item(answer, item):
    kind = item["type"]
    if kind == "message":
        for part in item["content"]:
            answer.text(part.get("text"))
            answer.refusal(part.get("refusal"))
            for each in part.get("annotations") or []:
                answer.source(each.get("url"))
    elif kind in ("function_call", "custom_tool_call"):
        call = answer.call(item["call_id"], item["name"])
        call["arguments"] = item.get("arguments") or item.get("input") or "{}"
    elif kind == "reasoning":
        texts = [part["text"] for part in (item.get("summary") or []) + (item.get("content") or [])]
        answer.thought("\n\n".join(texts), item.get("encrypted_content"))
    else:
        answer.natives += 1
        answer.said("native")


def responses(answer, root, separate):
    answer.id, answer.model = root["id"], root["model"]
    for item in root["output"]:
        responses_item(answer, item)
    responses_usage(answer, root.get("usage"), separate)
    calls, incomplete = answer.choice()["calls"], root.get("incomplete_details") or {}
    reason = {"max_output_tokens": "length", "content_filter": "content_filter"}.get(incomplete.get("reason"), "tool_calls" if calls else "stop")
    answer.finish(reason, incomplete.get("reason") or root["status"])


def responses_stream(answer, pieces, separate):
    """A stream's last event repeats the whole answer: what the deltas before it must come to."""
    answer.cut, seals = True, {}
    for kind, data in pieces:
        event = json.loads(data)
        name = event["type"]
        if name == "response.output_item.done" and event["item"].get("encrypted_content"):
            seals[event["output_index"]] = event["item"]["encrypted_content"]
        if name in ("error", "response.failed"):
            answer.failed, answer.cut = True, False
            return
        if name == "response.created":
            answer.id, answer.model = event["response"]["id"], event["response"]["model"]
        if name in ("response.completed", "response.incomplete"):
            identity = answer.id, answer.model
            for index, seal in seals.items(): # sealed anew each time it is sent: the first one counts
                event["response"]["output"][index]["encrypted_content"] = seal
            responses(answer, event["response"], separate)
            answer.id, answer.model = identity if identity[0] else (answer.id, answer.model)
            answer.cut = False


# --- requests of formats that no caller speaks, as an OpenAI caller would have put them

def ask_bedrock(body):
    """Of one with a document as an Anthropic caller would have put it."""
    def part(block):
        if "text" in block:
            return {"type": "text", "text": block["text"]}
        document = block["document"]
        return {"type": "document", "title": document["name"], "citations": document["citations"],
                "source": {"type": "text", "media_type": "text/plain", "data": document["source"]["text"]}}

    out = {"messages": [{"role": "system", "content": each["text"]} for each in body.get("system") or []]}
    for message in body["messages"]:
        out["messages"].append({"role": message["role"], "content": [part(block) for block in message["content"]]})
    out.update(body.get("inferenceConfig") or {})
    tools = (body.get("toolConfig") or {}).get("tools") or []
    if tools:
        out["tools"] = [{"type": "function", "function": {"name": tool["toolSpec"]["name"], "description": tool["toolSpec"]["description"],
                                                          "parameters": tool["toolSpec"]["inputSchema"]["json"]}} for tool in tools]
    if "outputConfig" in body:
        told = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
        out["response_format"] = {"type": "json_schema", "json_schema": {"name": told["name"], "schema": json.loads(told["schema"])}}
    thinking = (body.get("additionalModelRequestFields") or {}).get("thinking")
    if thinking:
        out["reasoning"] = {"max_tokens": thinking["budget_tokens"]}
    return out


def ask_cohere(body):
    out = {key: value for key, value in body.items() if key != "response_format"}
    if "response_format" in body:
        out["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": body["response_format"]["json_schema"]}}
    return out


def ask_ollama(body):
    out = {"model": body["model"], "messages": [], "stream": body["stream"]}
    for message in body["messages"]:
        message = dict(message)
        if "tool_calls" in message:
            message["tool_calls"] = [{"id": "call_0", "type": "function", "function": {"name": call["function"]["name"], "arguments": json.dumps(call["function"]["arguments"])}}
                                     for call in message["tool_calls"]]
        if message["role"] == "tool":
            message["tool_call_id"] = "call_0"
        out["messages"].append(message)
    return out


def ask_embeddings(body):
    if "texts" in body:
        return {"model": body["model"], "input": body["texts"], "dimensions": body["output_dimension"]}
    if "requests" in body:
        return {"model": body["requests"][0]["model"].removeprefix("models/"), "input": [each["content"]["parts"][0]["text"] for each in body["requests"]],
                "dimensions": body["requests"][0]["outputDimensionality"]}
    if "inputText" in body:
        return {"model": "amazon.titan-embed-text-v2:0", "input": body["inputText"], "dimensions": body["dimensions"]}
    return body


ASKS = {"bedrock": ask_bedrock, "cohere": ask_cohere, "ollama": ask_ollama, "embeddings": ask_embeddings}


# --- what each file is

# How an error's class shows in its file's name, the first that fits.
ERRORS = [("context", "context_window"), ("quota|credit", "quota"), ("401|err400-key|err403", "provider_auth"), ("404", "not_found"), ("429", "rate_limited"),
          ("policy", "content_policy"), ("529|openai-503|gemini-503|array-error", "overloaded"), ("-5[0-9][0-9]", "server_error"), ("", "upstream_bad_request")]


def error_class(name):
    return next(word for pattern, word in ERRORS if re.search(pattern, name.rpartition("/")[2]))


def format_of(name, url):
    provider, _, case = name.partition("/")
    if provider == "synthetic":
        for prefix, kind in (("anthropic", "anthropic"), ("gemini", "gemini"), ("ollama", "ollama"), ("bedrock", "bedrock")):
            if case.startswith(prefix):
                return kind
        return "chat"
    if "responses" in provider or "responses" in case or "/responses" in url:
        return "responses"
    if provider == "ollama":
        return "ollama" if case.startswith("native") else "chat"
    if provider == "openai-embeddings":
        return "embeddings"
    return "chat" if provider in COMPATIBLE else "gemini" if provider == "vertex" else provider


def expect(name, status, url):
    kind = format_of(name, url)
    if status >= 400 or (re.search("/(embeddings-)?err[0-9-]", name) and not name.endswith(".sse")) or "array-error" in name:
        return {"is": "error", "format": kind, "class": error_class(name)}
    if kind == "embeddings":
        return {"is": "embeddings", "format": kind}
    if name.endswith("/count-tokens.json"):
        return {"is": "count", "format": kind, "tokens": json.loads(read(name))["input_tokens"]}
    if name.endswith("/oauth-token.json"):
        return {"is": "token", "format": kind}
    data, answer = read(name), Answer()
    separate = name.startswith("xai/") or "xai" in name
    body = name.endswith(".json")
    if kind == "chat":
        try:
            chat(answer, [("", data.decode())] if body else events(data), body, separate)
        except ValueError:
            answer.failed = True # cut within an event
    elif kind == "anthropic":
        anthropic(answer, json.loads(data)) if body else anthropic_stream(answer, events(data))
    elif kind == "gemini":
        root = json.loads(data) if body else None
        gemini(answer, [("", each) for each in (root if isinstance(root, list) else [root])] if body else events(data))
    elif kind == "bedrock":
        bedrock(answer, json.loads(data)) if body else bedrock_stream(answer, data)
    elif kind == "cohere":
        cohere(answer, json.loads(data)) if body else cohere_stream(answer, events(data))
    elif kind == "ollama":
        ollama(answer, [data] if body else data.splitlines())
    else:
        responses(answer, json.loads(data), separate) if body else responses_stream(answer, events(data), separate)
    return {"is": "answer", "format": kind, **answer.summary()}


def main():
    rows = json.loads(read("index.json")) + json.loads(read("synthetic/index.json"))
    out = {}
    for row in rows:
        out[row["file"]] = expect(row["file"], row.get("status", 200), row.get("url", ""))
        ask = ASKS.get(out[row["file"]]["format"])
        if ask and "request" in row:
            out[row["file"]]["ask"] = ask(json.loads(read(row["request"])))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.json"), "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join("%s: %s" % (json.dumps(name), json.dumps(what, ensure_ascii=False)) for name, what in out.items()) + "\n}\n")
    print("%d cases" % len(out))


main()
