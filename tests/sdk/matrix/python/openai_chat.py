# SPDX-License-Identifier: GPL-3.0-or-later
"""openai for Python, by chat completions."""

import json

import openai

from cells import KEY, SCENARIO, URL, neighbour, person_of, refuses, run, same, saw
from person import Person

LOOKUP = {"type": "function", "function": {"name": "lookup", "description": "Looks a key up.", "strict": True, "parameters": {
    "type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"], "additionalProperties": False}}}
WEATHER = {"type": "function", "function": {"name": "get_weather", "description": "The weather of a city.", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius"]}}, "required": ["city"]}}}


def text_messages():
    told = SCENARIO["text"]
    return [{"role": "system", "content": told["system"]}, {"role": "user", "content": told["first"]}, {"role": "assistant", "content": told["noted"]}, {"role": "user", "content": told["ask"]}]


def image_url():
    return "data:image/png;base64," + SCENARIO["picture"]["png"]


def usage_adds_up(usage):
    assert usage.prompt_tokens > 0 and usage.completion_tokens > 0, f"usage lacks a count: {usage}"
    apart = usage.completion_tokens_details.reasoning_tokens if usage.completion_tokens_details else 0  # some leave the thought out of completion_tokens
    assert usage.total_tokens - usage.prompt_tokens - usage.completion_tokens in (0, apart), f"usage does not add up: {usage}"


class Chat:
    sdk, format, refusals = "openai (Python)", "OpenAI Chat", openai.APIError

    def __init__(self):
        http = openai.DefaultHttpxClient(event_hooks={"response": [saw]})
        self.client = openai.OpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0, timeout=20, http_client=http)
        self.create = self.client.chat.completions.create

    def text(self, site):
        answer = self.create(model=f"{site['name']}-chat", messages=text_messages(), max_tokens=500)
        same(answer.choices[0].message.content, SCENARIO["text"]["expected"])
        same(answer.choices[0].finish_reason, "stop", "finish_reason")
        usage_adds_up(answer.usage)

    def stream(self, site):
        chunks = list(self.create(model=f"{site['name']}-chat", messages=text_messages(), stream=True, stream_options={"include_usage": True}))
        same("".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices), SCENARIO["text"]["expected"])
        same([chunk.choices[0].finish_reason for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason], ["stop"], "the finish reasons")
        usage_adds_up(chunks[-1].usage)
        assert not any(chunk.usage for chunk in chunks[:-1]), "usage comes before the last chunk"

    def turn(self, site, ability, messages, streams, **more):
        """One answer's message, whole or put together by the SDK, added to the history as programs add it."""
        asked = dict(model=f"{site['name']}-{ability}", messages=messages, **more)
        if streams:
            with self.client.chat.completions.stream(**asked) as stream:
                answer = stream.get_final_completion()
        else:
            answer = self.create(**asked)
        message = answer.choices[0].message
        same(answer.choices[0].finish_reason, "tool_calls" if message.tool_calls else "stop", "finish_reason")
        messages.append(message)
        return message

    def tools(self, site, ability="tools", begun=None, **more):
        """@param begun  the site that is asked first, and thinks about it"""
        chain, asked = SCENARIO["chain"], []
        messages = [{"role": "user", "content": chain["ask"]}]
        for number in range(4):
            if begun and number == 0:
                message = self.turn(begun, "reasoning", messages, streams=False, tools=[LOOKUP], reasoning_effort="low")
            else:
                message = self.turn(site, ability, messages, streams=number % 2 == 1, tools=[LOOKUP], **more)
            if not message.tool_calls:
                break
            for call in message.tool_calls:
                asked.append(json.loads(call.function.arguments)["key"])
                messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(chain["results"][asked[-1]])})
        same(asked, chain["keys"], "the keys that were looked up")
        same(message.content, chain["expected"])

    def moved(self, site):
        self.tools(site, begun=neighbour(site))

    def parallel(self, site):
        weather = SCENARIO["weather"]
        for streams in (False, True):
            messages = [{"role": "user", "content": weather["ask"]}]
            message = self.turn(site, "tools", messages, streams, tools=[WEATHER], tool_choice="auto")
            calls = message.tool_calls or []
            same([json.loads(call.function.arguments)["city"] for call in calls], list(weather["degrees"]), "the cities that were asked for")
            same(len({call.id for call in calls}), 3, "the number of different ids")
            for call in reversed(calls):
                city = json.loads(call.function.arguments)["city"]
                messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps({"degrees": weather["degrees"][city]})})
            same(self.turn(site, "tools", messages, streams, tools=[WEATHER]).content, weather["expected"])

    def vision(self, site):
        parts = [{"type": "text", "text": SCENARIO["picture"]["ask"]}, {"type": "image_url", "image_url": {"url": image_url(), "detail": "auto"}}]
        answer = self.create(model=f"{site['name']}-vision", messages=[{"role": "user", "content": parts}])
        same(answer.choices[0].message.content, SCENARIO["picture"]["expected"])

    def schema(self, site):
        asked = dict(model=f"{site['name']}-schema", messages=[{"role": "user", "content": SCENARIO["person"]["ask"]}], response_format=Person)
        whole = self.client.chat.completions.parse(**asked)
        same(person_of(whole.choices[0].message.parsed), SCENARIO["person"]["expected"])
        same(whole.choices[0].finish_reason, "stop", "finish_reason")
        with self.client.chat.completions.stream(**asked) as stream:
            same(person_of(stream.get_final_completion().choices[0].message.parsed), SCENARIO["person"]["expected"], "the stream's answer")

    def reasoning(self, site):
        asked = dict(model=f"{site['name']}-reasoning", messages=[{"role": "user", "content": SCENARIO["text"]["first"]}, {"role": "assistant", "content": "Noted."},
                                                                  {"role": "user", "content": SCENARIO["text"]["ask"]}], reasoning_effort="low")
        answer = self.create(**asked)
        chunks = list(self.create(**asked, stream=True))
        thoughts = [getattr(answer.choices[0].message, "reasoning_content", None), "".join(getattr(chunk.choices[0].delta, "reasoning_content", None) or "" for chunk in chunks if chunk.choices)]
        if site["hides_thought"]:
            assert answer.usage.completion_tokens_details.reasoning_tokens > 0, f"no reasoning tokens: {answer.usage}"
        else:
            for thought in thoughts:
                assert thought and thought.startswith("They said"), f"the thought is {thought!r}"
        usage_adds_up(answer.usage)
        if site["able"]["tools"]:
            self.tools(site, "reasoning", reasoning_effort="low")

    def errors(self, site):
        ask = lambda model, text="Hello", **more: self.create(model=f"{site['name']}{model}", messages=[{"role": "user", "content": text}], **more)
        for streams in (False, True):
            refuses(lambda: ask("-chat", SCENARIO["long"], stream=streams), openai.BadRequestError, 400, "context_length_exceeded")
        if not site["serves_any_model"]:
            refuses(lambda: ask("/no-such-model"), openai.NotFoundError, 404, "model_not_found")
        refuses(lambda: ask("-badkey"), openai.InternalServerError, 502, "provider_auth")
        refuses(lambda: ask("-badkey", stream=True), openai.InternalServerError, 502, "provider_auth")
        if site["limits"]:
            refuses(lambda: ask("-limited"), openai.RateLimitError, 429)

    def embeddings(self, site):
        told = SCENARIO["embeddings"]
        texts = told["texts"][: site["texts_at_once"]]
        answer = self.client.embeddings.create(model=f"{site['name']}-embeddings", input=texts)
        same([list(entry.embedding) for entry in answer.data], told["vectors"][: len(texts)])
        assert answer.usage.prompt_tokens > 0, "usage is missing"
        floats = self.client.embeddings.create(model=f"{site['name']}-embeddings", input=told["texts"][0], encoding_format="float", dimensions=8)
        same(floats.data[0].embedding, told["vectors"][0][:8], "the shorter vector")


if __name__ == "__main__":
    run(Chat())
