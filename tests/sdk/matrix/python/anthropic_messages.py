# SPDX-License-Identifier: GPL-3.0-or-later
"""anthropic for Python."""

import json

import anthropic

from cells import KEY, SCENARIO, URL, neighbour, person_of, refuses, run, same, saw
from person import Person

LOOKUP = {"name": "lookup", "description": "Looks a key up.", "input_schema": {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}}
WEATHER = {"name": "get_weather", "description": "The weather of a city.", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}
THINKING = {"type": "enabled", "budget_tokens": 1024}


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


class Messages:
    sdk, format, refusals = "anthropic (Python)", "Anthropic Messages", anthropic.APIError

    def __init__(self):
        http = anthropic.DefaultHttpxClient(event_hooks={"response": [saw]})
        self.client = anthropic.Anthropic(base_url=URL, api_key=KEY, max_retries=0, timeout=20, http_client=http)

    def asked(self, site, ability, messages, **more):
        return dict(model=f"{site['name']}-{ability}", max_tokens=2000, messages=messages, **more)

    def text_asked(self, site):
        told = SCENARIO["text"]
        messages = [{"role": "user", "content": told["first"]}, {"role": "assistant", "content": told["noted"]}, {"role": "user", "content": told["ask"]}]
        return self.asked(site, "chat", messages, system=told["system"])

    def text(self, site):
        message = self.client.messages.create(**self.text_asked(site))
        same(text_of(message), SCENARIO["text"]["expected"])
        same(message.stop_reason, "end_turn", "stop_reason")
        assert message.usage.input_tokens > 0 and message.usage.output_tokens > 0, f"usage lacks a count: {message.usage}"

    def stream(self, site):
        with self.client.messages.stream(**self.text_asked(site)) as stream:
            same("".join(stream.text_stream), SCENARIO["text"]["expected"])
            message = stream.get_final_message()
        same([block.type for block in message.content if block.type != "thinking"], ["text"], "the blocks")  # Gemini signs its texts
        same(message.stop_reason, "end_turn", "stop_reason")
        assert message.usage.input_tokens > 0 and message.usage.output_tokens > 0, f"usage lacks a count: {message.usage}"

    def turn(self, site, ability, messages, streams, **more):
        """One answer, whole or put together by the SDK, added to the history as programs add it."""
        asked = self.asked(site, ability, messages, **more)
        if streams:
            with self.client.messages.stream(**asked) as stream:
                message = stream.get_final_message()
        else:
            message = self.client.messages.create(**asked)
        calls = [block for block in message.content if block.type == "tool_use"]
        same(message.stop_reason, "tool_use" if calls else "end_turn", "stop_reason")
        messages.append({"role": "assistant", "content": message.content})
        return message, calls

    def tools(self, site, ability="tools", begun=None, **more):
        """@param begun  the site that is asked first, and thinks about it"""
        chain, asked = SCENARIO["chain"], []
        messages = [{"role": "user", "content": chain["ask"]}]
        for number in range(4):
            if begun and number == 0:
                message, calls = self.turn(begun, "reasoning", messages, streams=False, tools=[LOOKUP], thinking=THINKING)
            else:
                message, calls = self.turn(site, ability, messages, streams=number % 2 == 1, tools=[LOOKUP], **more)
            if not calls:
                break
            asked += [call.input["key"] for call in calls]
            results = [{"type": "tool_result", "tool_use_id": call.id, "content": json.dumps(chain["results"][call.input["key"]])} for call in calls]
            messages.append({"role": "user", "content": results})
        same(asked, chain["keys"], "the keys that were looked up")
        same(text_of(message), chain["expected"])

    def moved(self, site):
        self.tools(site, begun=neighbour(site))

    def parallel(self, site):
        weather = SCENARIO["weather"]
        for streams in (False, True):
            messages = [{"role": "user", "content": weather["ask"]}]
            _, calls = self.turn(site, "tools", messages, streams, tools=[WEATHER], tool_choice={"type": "auto"})
            same([call.input["city"] for call in calls], list(weather["degrees"]), "the cities that were asked for")
            same(len({call.id for call in calls}), 3, "the number of different ids")
            results = [{"type": "tool_result", "tool_use_id": call.id, "content": [{"type": "text", "text": json.dumps({"degrees": weather["degrees"][call.input["city"]]})}]} for call in reversed(calls)]
            messages.append({"role": "user", "content": results})
            same(text_of(self.turn(site, "tools", messages, streams, tools=[WEATHER])[0]), weather["expected"])

    def vision(self, site):
        image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": SCENARIO["picture"]["png"]}}
        message = self.client.messages.create(**self.asked(site, "vision", [{"role": "user", "content": [image, {"type": "text", "text": SCENARIO["picture"]["ask"]}]}]))
        same(text_of(message), SCENARIO["picture"]["expected"])

    def schema(self, site):
        asked = self.asked(site, "schema", [{"role": "user", "content": SCENARIO["person"]["ask"]}], output_format=Person)
        message = self.client.messages.parse(**asked)
        same(person_of(message.parsed_output), SCENARIO["person"]["expected"])
        same(message.stop_reason, "end_turn", "stop_reason")
        with self.client.messages.stream(**asked) as stream:
            same(person_of(stream.get_final_message().parsed_output), SCENARIO["person"]["expected"], "the stream's answer")

    def reasoning(self, site):
        asked = self.asked(site, "reasoning", [{"role": "user", "content": SCENARIO["text"]["first"]}], thinking=THINKING)
        with self.client.messages.stream(**asked) as stream:
            streamed = stream.get_final_message()
        for message in (self.client.messages.create(**asked), streamed):
            thoughts = [block.thinking for block in message.content if block.type == "thinking"]
            if not site["hides_thought"]:
                assert thoughts and thoughts[0].startswith(SCENARIO["thought"]), f"the thoughts are {thoughts}"
                same(message.content[0].type, "thinking", "the first block")
        if site["able"]["tools"]:
            self.tools(site, "reasoning", thinking=THINKING)

    def errors(self, site):
        def ask(model, text="Hello", stream=False):
            return self.client.messages.create(model=f"{site['name']}{model}", max_tokens=100, messages=[{"role": "user", "content": text}], stream=stream)

        for stream in (False, True):
            refuses(lambda: ask("-chat", SCENARIO["long"], stream), anthropic.BadRequestError, 400, "invalid_request_error", "prompt is too long")
        if not site["serves_any_model"]:
            refuses(lambda: ask("/no-such-model"), anthropic.NotFoundError, 404, "not_found_error")
        refuses(lambda: ask("-badkey"), anthropic.InternalServerError, 502, "api_error")
        refuses(lambda: ask("-badkey", stream=True), anthropic.InternalServerError, 502, "api_error")
        if site["limits"]:
            refuses(lambda: ask("-limited"), anthropic.RateLimitError, 429, "rate_limit_error")

    def count(self, site):
        counted = self.client.messages.count_tokens(model=f"{site['name']}-tools", messages=[{"role": "user", "content": "Hello " * 50}], system="Be brief.", tools=[LOOKUP])
        assert 20 < counted.input_tokens < 400, f"input_tokens is {counted.input_tokens}"


if __name__ == "__main__":
    run(Messages())
