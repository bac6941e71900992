# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program sees that calls Signalbox through the openai package. Started by run_sdk_tests.py."""

import asyncio
import json
import os
import time
import unittest
import urllib.request

import openai
from openai import AsyncOpenAI, OpenAI

URL = os.environ["SIGNALBOX_TEST_URL"]
KEY = os.environ["SIGNALBOX_TEST_KEY"]
NARROW_KEY = os.environ["SIGNALBOX_TEST_NARROW_KEY"]
ASK = [{"role": "user", "content": "ping"}]
WEATHER = {"type": "function", "function": {"name": "get_weather", "description": "Weather of a city", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}}, "required": ["city"], "additionalProperties": False}}}


def client(key=KEY, **options):
    return OpenAI(base_url=URL, api_key=key, **{"max_retries": 0, "timeout": 20, **options})


def ask(model, **options):
    return client().chat.completions.create(model=model, messages=ASK, **options)


def metric(sample):
    """A sample of /metrics, by its name and labels."""
    with urllib.request.urlopen(URL.removesuffix("/v1") + "/metrics", timeout=10) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(sample + " "):
                return float(line.rsplit(" ", 1)[1])
    return 0.0


def becomes(wanted, read, limit=10):
    """Whether what read() gives comes to be as wanted."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if wanted(read()):
            return True
        time.sleep(0.01)
    return False


def text_of(stream):
    return "".join(choice.delta.content or "" for chunk in stream for choice in chunk.choices)


class Chat(unittest.TestCase):
    def test_answer_and_usage_arrive(self):
        answer = ask("pong")
        self.assertEqual(answer.choices[0].message.content, "pong")
        self.assertEqual(answer.choices[0].finish_reason, "stop")
        self.assertEqual((answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens), (9, 3, 12))

    def test_alias_names_the_same_route(self):
        self.assertEqual(ask("ping").choices[0].message.content, "pong")

    def test_headers_tell_of_the_call(self):
        raw = client().chat.completions.with_raw_response.create(model="pong", messages=ASK)
        self.assertRegex(raw.headers["x-signalbox-call-id"], r"^call_\w{26}$")
        self.assertEqual(raw.headers["x-signalbox-provider"], "fake")
        self.assertEqual(raw.headers["x-signalbox-model"], "pong")
        self.assertEqual(raw.headers["x-signalbox-attempts"], "1")
        self.assertAlmostEqual(float(raw.headers["x-signalbox-cost"]), (9 * 2.5 + 3 * 10) / 1e6, places=9)

    def test_fields_that_nobody_knows_travel_untouched(self):
        answer = ask("fake/echo", temperature=0.25, seed=7, extra_body={"big": 12345678901234567890, "nested": {"a": [1, None, "\u00fc"]}})
        sent = json.loads(answer.choices[0].message.content)
        self.assertEqual(sent["model"], "echo")
        self.assertEqual(sent["big"], 12345678901234567890)
        self.assertEqual(sent["nested"], {"a": [1, None, "\u00fc"]})
        self.assertEqual((sent["temperature"], sent["seed"], sent["messages"]), (0.25, 7, ASK))

    def test_provider_gets_its_own_credential_and_never_the_key(self):
        answer = ask("fake/echo-headers", extra_headers={"x-api-key": KEY})
        headers = answer.choices[0].message.content
        self.assertIn("Bearer sk-provider-secret", headers)
        self.assertNotIn(KEY, headers)

    def test_fallback_chain_answers_from_the_target_that_can(self):
        raw = client().chat.completions.with_raw_response.create(model="chain", messages=ASK)
        self.assertEqual(raw.parse().choices[0].message.content, "pong")
        self.assertGreaterEqual(int(raw.headers["x-signalbox-attempts"]), 3)

    def test_trickled_answer_is_the_same(self):
        self.assertEqual(ask("fake/trickle").choices[0].message.content, "gr\u00fc\u00df dich")

    def test_fifty_calls_at_once(self):
        async def all_of_them():
            async with AsyncOpenAI(base_url=URL, api_key=KEY, max_retries=0, timeout=30) as caller:
                calls = [caller.chat.completions.create(model="fake/slow-50", messages=ASK) for _ in range(50)]
                return await asyncio.gather(*calls)

        self.assertEqual({answer.choices[0].message.content for answer in asyncio.run(all_of_them())}, {"pong"})

    def test_every_character_arrives_both_ways(self):
        words = "Gr\u00fc\u00dfe \u4e16\u754c \U0001f6a6 \u2028 \u0000 \"quoted\" \\ back\tslash\r\n"
        answer = client().chat.completions.create(model="fake/echo", messages=[{"role": "user", "content": words}])
        self.assertEqual(json.loads(answer.choices[0].message.content)["messages"][0]["content"], words)
        self.assertEqual(ask("fake/unicode").choices[0].message.content, "Gr\u00fc\u00dfe \u4e16\u754c \U0001f6a6\u2028!")

    def test_large_body_arrives_whole(self):
        words = "0123456789abcdef" * (256 * 1024)  # 4 MiB, and as much back
        answer = client(timeout=60).chat.completions.create(model="fake/echo", messages=[{"role": "user", "content": words}])
        self.assertEqual(json.loads(answer.choices[0].message.content)["messages"][0]["content"], words)

    def test_completions(self):
        answer = client().completions.create(model="fake/complete", prompt="ping")
        self.assertEqual(answer.choices[0].text, "pong")


class Streams(unittest.TestCase):
    def test_stream_gives_the_same_text(self):
        self.assertEqual(text_of(ask("pong", stream=True)), "pong")

    def test_usage_is_not_sent_unasked(self):
        chunks = list(ask("pong", stream=True))
        self.assertTrue(all(chunk.usage is None for chunk in chunks))
        self.assertTrue(all(chunk.choices for chunk in chunks))

    def test_usage_comes_last_when_asked(self):
        chunks = list(ask("pong", stream=True, stream_options={"include_usage": True}))
        self.assertEqual((chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens), (9, 3))
        self.assertEqual(chunks[-1].choices, [])
        self.assertTrue(all(chunk.usage is None for chunk in chunks[:-1]))

    def test_trickled_stream_is_the_same(self):
        self.assertEqual(text_of(ask("fake/trickle", stream=True)), "gr\u00fc\u00df dich")

    def test_unicode_stream_is_the_same(self):
        self.assertEqual(text_of(ask("fake/unicode", stream=True)), "Gr\u00fc\u00dfe \u4e16\u754c \U0001f6a6\u2028!")

    def test_odd_chunks_are_read(self):
        chunks = list(ask("fake/odd", stream=True, stream_options={"include_usage": True}))
        self.assertEqual(text_of(chunks), "odd")
        self.assertEqual([chunk.choices[0].finish_reason for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason], ["stop"])
        self.assertEqual({chunk.usage.total_tokens for chunk in chunks if chunk.usage}, {9})  # where the provider put it, and last
        self.assertEqual((chunks[-1].choices, chunks[-1].usage.total_tokens), ([], 9))

    def test_headers_of_a_stream_tell_of_the_call(self):
        raw = client().chat.completions.with_raw_response.create(model="pong", messages=ASK, stream=True)
        self.assertRegex(raw.headers["x-signalbox-call-id"], r"^call_\w{26}$")
        self.assertTrue(raw.headers["content-type"].startswith("text/event-stream"))
        self.assertNotIn("x-signalbox-cost", raw.headers)
        self.assertEqual(text_of(raw.parse()), "pong")

    def test_streamed_response_is_read_as_it_comes(self):
        with client().chat.completions.with_streaming_response.create(model="pong", messages=ASK, stream=True) as response:
            lines = [line for line in response.iter_lines() if line]
        self.assertEqual(lines[-1], "data: [DONE]")

    def test_long_stream_is_whole(self):
        self.assertEqual(text_of(ask("fake/words-3000", stream=True)), "word " * 3000)

    def test_chain_is_one_stream_to_the_caller(self):
        chunks = list(ask("chain", stream=True))
        self.assertEqual(text_of(chunks), "pong")
        self.assertEqual(len({chunk.id for chunk in chunks}), 1)

    def test_cut_after_content_raises(self):
        received = []
        with self.assertRaises(openai.APIError):
            for chunk in ask("fake/cut", stream=True):
                received += [choice.delta.content or "" for choice in chunk.choices]
        self.assertEqual("".join(received), "po")

    def test_error_in_the_stream_raises(self):
        with self.assertRaises(openai.APIError):
            list(ask("fake/stream-error", stream=True))

    def test_async_stream(self):
        async def read():
            async with AsyncOpenAI(base_url=URL, api_key=KEY, max_retries=0, timeout=20) as caller:
                stream = await caller.chat.completions.create(model="pong", messages=ASK, stream=True)
                return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

        self.assertEqual(asyncio.run(read()), "pong")

    def test_leaving_a_stream_early_harms_nobody(self):
        for _ in range(3):
            with ask("fake/words-3000", stream=True) as stream:
                next(iter(stream))
        self.assertEqual(ask("pong").choices[0].message.content, "pong")


    def test_cancelled_stream_ends_upstream(self):
        cancelled = metric('signalbox_calls_total{status="cancelled"}')

        async def cancel():
            async with AsyncOpenAI(base_url=URL, api_key=KEY, max_retries=0, timeout=20) as caller:
                began = asyncio.Event()

                async def read():
                    async for _ in await caller.chat.completions.create(model="fake/stall", messages=ASK, stream=True):
                        began.set()

                reading = asyncio.create_task(read())
                await asyncio.wait_for(began.wait(), 10)
                reading.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await reading

        asyncio.run(cancel())
        self.assertTrue(becomes(lambda count: count > cancelled, lambda: metric('signalbox_calls_total{status="cancelled"}')))
        self.assertTrue(becomes(lambda count: count == 0, lambda: metric("signalbox_streams_open")))


class ToolsAndJson(unittest.TestCase):
    def test_tools_reach_the_provider_as_written(self):
        sent = json.loads(ask("fake/echo", tools=[WEATHER], tool_choice="required", parallel_tool_calls=False).choices[0].message.content)
        self.assertEqual(sent["tools"], [WEATHER])
        self.assertEqual((sent["tool_choice"], sent["parallel_tool_calls"]), ("required", False))

    def test_tool_call_comes_back(self):
        message = ask("fake/tools", tools=[WEATHER]).choices[0].message
        self.assertIsNone(message.content)
        self.assertEqual(message.tool_calls[0].function.name, "get_weather")
        self.assertEqual(json.loads(message.tool_calls[0].function.arguments), {"city": "Paris", "unit": "celsius"})

    def test_streamed_tool_call_comes_back_whole(self):
        name, arguments, finish = "", "", None
        for chunk in ask("fake/tools", tools=[WEATHER], stream=True):
            for call in chunk.choices[0].delta.tool_calls or []:
                name += call.function.name or ""
                arguments += call.function.arguments or ""
            finish = chunk.choices[0].finish_reason or finish
        self.assertEqual((name, json.loads(arguments), finish), ("get_weather", {"city": "Paris", "unit": "celsius"}, "tool_calls"))

    def test_parallel_tool_calls_stay_apart(self):
        names, arguments, ids = {}, {}, {}
        for chunk in ask("fake/parallel-tools", tools=[WEATHER], stream=True):
            for call in chunk.choices[0].delta.tool_calls or []:
                names[call.index] = names.get(call.index, "") + (call.function.name or "")
                arguments[call.index] = arguments.get(call.index, "") + (call.function.arguments or "")
                ids[call.index] = ids.get(call.index) or call.id
        self.assertEqual((names, ids), ({0: "get_weather", 1: "get_time"}, {0: "call_a", 1: "call_b"}))
        self.assertEqual([json.loads(arguments[index]) for index in (0, 1)], [{"city": "Z\u00fcrich"}, {"zone": "UTC"}])

    def test_result_of_a_tool_goes_back_as_written(self):
        turn = [*ASK, {"role": "assistant", "content": None, "tool_calls": [{"id": "call_a", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}]},
                {"role": "tool", "tool_call_id": "call_a", "content": '{"degrees": 21}'}]
        answer = client().chat.completions.create(model="fake/echo", messages=turn)
        self.assertEqual(json.loads(answer.choices[0].message.content)["messages"], turn)

    def test_json_mode(self):
        sent = json.loads(ask("fake/echo", response_format={"type": "json_object"}).choices[0].message.content)
        self.assertEqual(sent["response_format"], {"type": "json_object"})
        self.assertEqual(json.loads(ask("fake/json", response_format={"type": "json_object"}).choices[0].message.content), {"city": "Paris", "degrees": 21})

    def test_json_schema_reaches_the_provider_as_written(self):
        schema = {"type": "json_schema", "json_schema": {"name": "weather", "strict": True, "schema": {"type": "object", "properties": {"z": {"type": "integer"}, "a": {"type": "string"}}}}}
        sent = json.loads(ask("fake/echo", response_format=schema).choices[0].message.content)
        self.assertEqual(sent["response_format"], schema)


class Embeddings(unittest.TestCase):
    def test_default_is_base64_and_decodes(self):
        answer = client().embeddings.create(model="fake/embed", input=["one", "two"])
        self.assertEqual([list(entry.embedding) for entry in answer.data], [[0.5, -0.25, 1.0]] * 2)
        self.assertEqual(answer.usage.prompt_tokens, 5)

    def test_floats(self):
        answer = client().embeddings.create(model="fake/embed", input="one", encoding_format="float")
        self.assertEqual(answer.data[0].embedding, [0.5, -0.25, 1.0])


class Errors(unittest.TestCase):
    def fails(self, kind, call, *, status=None, code=None):
        with self.assertRaises(kind) as caught:
            call()
        error = caught.exception
        if status is not None:
            self.assertEqual(error.status_code, status)
        if code is not None:
            self.assertEqual(error.code, code)
        self.assertNotIn("sk-provider-secret", str(error))
        self.assertNotIn(KEY, str(error))
        return error

    def test_wrong_key(self):
        self.fails(openai.AuthenticationError, lambda: client("no-such-key").chat.completions.create(model="pong", messages=ASK), status=401, code="invalid_api_key")

    def test_model_that_the_key_may_not_use(self):
        self.fails(openai.PermissionDeniedError, lambda: client(NARROW_KEY).chat.completions.create(model="fake/echo", messages=ASK), status=403, code="model_not_allowed")

    def test_unknown_model(self):
        self.fails(openai.NotFoundError, lambda: ask("no-such-route"), status=404, code="model_not_found")

    def test_no_model(self):
        error = self.fails(openai.BadRequestError, lambda: client().post("/chat/completions", body={"messages": ASK}, cast_to=object), status=400)
        self.assertEqual(error.param, "model")

    def test_provider_refuses_the_request(self):
        self.fails(openai.BadRequestError, lambda: ask("fake/status-400"), status=400)
        self.fails(openai.UnprocessableEntityError, lambda: ask("fake/status-422"), status=422)

    def test_context_window(self):
        self.fails(openai.BadRequestError, lambda: ask("fake/context"), status=400, code="context_length_exceeded")
        self.fails(openai.BadRequestError, lambda: ask("fake/context", stream=True), status=400, code="context_length_exceeded")

    def test_rate_limit_of_the_provider(self):
        self.fails(openai.RateLimitError, lambda: ask("limited"), status=429)

    def test_rejected_credential_is_not_the_callers_fault(self):
        self.fails(openai.InternalServerError, lambda: ask("rejected"), status=502, code="provider_auth")

    def test_forbidden_credential_is_not_the_callers_fault(self):
        self.fails(openai.InternalServerError, lambda: ask("forbidden"), status=502, code="provider_auth")
        self.fails(openai.InternalServerError, lambda: ask("forbidden", stream=True), status=502, code="provider_auth")

    def test_timeout_of_the_gateway(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                self.fails(openai.InternalServerError, lambda: ask("fake/silence", stream=stream, extra_headers={"x-signalbox-timeout": "300ms"}), status=504, code="total_timeout")

    def test_provider_without_the_model(self):
        error = self.fails(openai.APIStatusError, lambda: ask("fake/status-404"))
        self.assertIn("fake", error.message)

    def test_body_over_the_limit(self):
        big = [{"role": "user", "content": "x" * (33 * 1024 * 1024)}]
        with self.assertRaises(openai.APIError) as caught:
            client(timeout=60).chat.completions.create(model="pong", messages=big)
        self.assertEqual(getattr(caught.exception, "status_code", 413), 413)  # or the connection closed while it was being sent
        self.assertEqual(ask("pong").choices[0].message.content, "pong")

    def test_provider_without_credit(self):
        with self.assertRaises(openai.APIStatusError) as caught:
            ask("penniless")
        self.assertNotEqual(caught.exception.status_code, 401)
        self.assertGreaterEqual(caught.exception.status_code, 429)

    def test_server_errors(self):
        for model in ("fake/status-500", "fake/status-503", "fake/html", "fake/cut-early"):
            with self.subTest(model=model):
                self.fails(openai.InternalServerError, lambda: ask(model))
                self.fails(openai.InternalServerError, lambda: ask(model, stream=True))

    def test_client_timeout(self):
        self.fails(openai.APITimeoutError, lambda: client(timeout=0.5).chat.completions.create(model="fake/silence", messages=ASK))
        self.assertEqual(ask("pong").choices[0].message.content, "pong")

    def test_sdk_retries_reach_the_gateway(self):
        error = self.fails(openai.InternalServerError, lambda: client(max_retries=1).chat.completions.create(model="fake/status-502", messages=ASK))
        self.assertTrue(error.response.headers["x-signalbox-call-id"])


class Models(unittest.TestCase):
    def test_list_holds_what_the_key_may_use(self):
        self.assertIn("pong", {model.id for model in client().models.list()})
        self.assertEqual({model.id for model in client(NARROW_KEY).models.list()}, {"pong", "ping"})

    def test_retrieve(self):
        model = client().models.retrieve("pong")
        self.assertEqual((model.id, model.object), ("pong", "model"))

    def test_retrieve_unknown(self):
        with self.assertRaises(openai.NotFoundError):
            client().models.retrieve("no-such-route")


if __name__ == "__main__":
    unittest.main()
