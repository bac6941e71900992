#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds native_provider.py's formats against recorded traffic of the providers: what they took it takes, and its answers have no member that theirs lack.

test_native_provider.py     with SIGNALBOX_WIRE_FIXTURES naming the recordings; exit 77 (skipped) without
"""

import json
import os
import re
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from native import anthropic, bedrock, cohere, gemini, ollama, sites  # noqa: E402
from native.conversation import Call, Refusal, Reply  # noqa: E402
from native.openai import chat_answer, chat_request, errors, responses_answer, responses_request  # noqa: E402
from native.seal import Trusting  # noqa: E402

RECORDINGS = Path(os.environ.get("SIGNALBOX_WIRE_FIXTURES", ""))
SKIP = 77
ANY = sites.Model("recorded", sees=True, thinks=True)
GEMINI_3 = sites.Model("gemini-3-recorded", sees=True, thinks=True)
SEAL = Trusting("recorded")
CHAT_SITES = {"openai-chat": "openai", "azure": "azure-v1", "mistral": "mistral", "groq": "groq", "deepseek": "deepseek", "together": "together", "openrouter": "openrouter", "perplexity": "perplexity",
              "cerebras": "cerebras", "vllm": "vllm", "xai": "xai", "moonshot": "moonshot", "alibaba": "alibaba"}
# What is not read here of what providers take; the reader's words tell it.
NOT_READ = ("expected a data URL", "only base64 is fetched here", "web_search", "google_search", "expected tags")


def _read_chat(site_name, body):
    site = sites.site(site_name)
    model = sites.Model(body.get("model", "recorded"), sees=True, thinks="reasoning_effort" in body)
    chat_request.Reader(sites.Site(site.name, site.kind, site.title, site.format, (model,)), {"model": "recorded", **body}, SEAL).read()


READERS = {
    **{folder: lambda body, name=name: _read_chat(name, body) for folder, name in CHAT_SITES.items()},
    "anthropic": lambda body: anthropic.Reader(ANY, body, SEAL).read(counting="max_tokens" not in body),
    "gemini": lambda body: gemini.Reader(GEMINI_3 if "thinkingLevel" in str(body) else ANY, body, SEAL, False).read(),
    "vertex": lambda body: gemini.Reader(ANY, body, SEAL, True).read(),
    "bedrock": lambda body: bedrock.Reader(ANY, body, SEAL).read(),
    "cohere": lambda body: cohere.Reader(ANY, body).read(),
    "openai-responses": lambda body: responses_request.Reader(ANY, body, SEAL, {}).read(),
    "ollama": lambda body: ollama.Reader(ANY, body).read() if "options" in body else _read_chat("ollama-v1", body),
}


def index():
    return json.loads((RECORDINGS / "index.json").read_text())


def paths(value, at=""):
    """Of every member, arrays left out: "choices.message.content". What a model made up itself is not looked into."""
    found = set()
    for inner in value if isinstance(value, list) else ():
        found |= paths(inner, at)
    for name, inner in value.items() if isinstance(value, dict) else ():
        place = f"{at}.{name}" if at else name
        found.add(place)
        if name not in ("args", "input", "arguments", "tools", "text_format", "format"):
            found |= paths(inner, place)
    return found


def bodies(file, data):
    """The JSON texts of a recorded answer or stream."""
    if file.endswith(".bin"):
        while data:
            total, headers = struct.unpack(">II", data[:8])
            name = re.search(rb":event-type\x07..(\w+?)\r:content-type", data[12 : 12 + headers])[1].decode()
            yield {name: json.loads(data[12 + headers : total - 4])}
            data = data[total:]
    elif file.endswith(".sse"):
        yield from (json.loads(line) for line in re.findall(r"^data: ?(\{.*?)\r?$", data.decode(), re.MULTILINE))
    else:
        yield from (json.loads(line) for line in ([data] if file.endswith(".json") else data.splitlines()))


def recorded_paths(folder, stream):
    found = set()
    for entry in index():
        file = entry["file"]
        if file.startswith(folder + "/") and entry["status"] == 200 and file.endswith(".json") != stream:
            for body in bodies(file, (RECORDINGS / file).read_bytes()):
                found |= paths(body)
    return found


def answered(answer, kind):
    data = answer.body if answer.chunks is None else b"".join(answer.chunks)
    return set().union(*(paths(body) for body in bodies(kind, data)))


REPLIES = (Reply(text="Hello there", prompt_tokens=3, answer_tokens=2), Reply(calls=[Call("7", "f", {"a": 1}), Call("8", "g", {})], prompt_tokens=3, answer_tokens=2))


def writers(folder, reply):
    """An answer's and a stream's makers, and what the stream is framed as."""
    if folder in CHAT_SITES:
        writer = chat_answer.Writer(sites.site(CHAT_SITES[folder]), ANY, reply, SEAL, 1)
        return writer.whole, lambda: writer.stream(True), ".sse"
    writer = {"anthropic": lambda: anthropic.Writer(ANY, reply, SEAL, 1), "gemini": lambda: gemini.Writer(ANY, reply, SEAL, 1), "bedrock": lambda: bedrock.Writer(reply, SEAL),
              "cohere": lambda: cohere.Writer(reply, 1), "openai-responses": lambda: responses_answer.Writer(ANY, {}, reply, SEAL, 1), "ollama": lambda: ollama.Writer(ANY, reply)}[folder]()
    return writer.whole, (lambda: writer.stream(True)) if folder == "gemini" else writer.stream, {"bedrock": ".bin", "ollama": ".ndjson"}.get(folder, ".sse")


class Recordings(unittest.TestCase):
    def test_requests_that_were_answered_are_taken(self):
        taken, left = 0, []
        for entry in index():
            file = entry["file"]
            folder = file.partition("/")[0]
            request = RECORDINGS / re.sub(r"\.\w+$", ".req.json", file)
            if folder not in READERS or entry["status"] != 200 or not request.exists():
                continue
            with self.subTest(file=file):
                try:
                    READERS[folder](json.loads(request.read_text()))
                    taken += 1
                except Refusal as refusal:
                    left.append(file)
                    self.assertTrue(any(words in refusal.message for words in NOT_READ), f"refused: {refusal.message}")
        print(f"{taken} recorded requests taken; not read: {', '.join(left)}")
        self.assertGreater(taken, 60)

    def test_answers_have_no_member_that_recorded_ones_lack(self):
        for folder in (*CHAT_SITES, "anthropic", "gemini", "bedrock", "cohere", "openai-responses", "ollama"):
            for stream in (False, True):
                recorded = recorded_paths(folder, stream)
                if not recorded or (folder == "vllm" and stream): # that one is of another server
                    continue
                made = set()
                for reply in REPLIES:
                    whole, streamed, framing = writers(folder, reply)
                    made |= answered(streamed(), framing) if stream else answered(whole(), ".json")
                with self.subTest(folder=folder, stream=stream):
                    # A call of a tool, where none was recorded in that form, cannot be held against anything.
                    self.assertEqual({path for path in made - recorded if path.partition("tool_calls")[0] + "tool_calls.function.name" in recorded or "tool_calls" not in path}, set())

    def test_refusals_look_like_recorded_ones(self):
        kinds = {"err401": "key", "err400-key": "key", "err403": "key", "err400-context": "context", "err404-model": "model", "err404-deployment": "model", "err429": "limit"}
        for entry in index():
            folder, _, name = entry["file"].partition("/")
            kind = kinds.get(name.removesuffix(".json"))
            if kind is None or folder not in CHAT_SITES:
                continue
            refusal = Refusal(kind, "", param=(9, 8) if kind == "context" else None)
            answer = errors.refused(sites.site(CHAT_SITES[folder]), refusal, "m")
            with self.subTest(file=entry["file"]):
                self.assertEqual(answer.status, entry["status"])
                recorded = json.loads((RECORDINGS / entry["file"]).read_bytes())
                self.assertEqual(paths(json.loads(answer.body)) - paths(recorded), set())


if __name__ == "__main__":
    if not RECORDINGS.name:
        print("skipped: no recorded traffic; SIGNALBOX_WIRE_FIXTURES names the folder")
        sys.exit(SKIP)
    unittest.main()
