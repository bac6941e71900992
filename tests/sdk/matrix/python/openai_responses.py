# SPDX-License-Identifier: GPL-3.0-or-later
"""openai for Python, by Responses."""

import json

import openai

from cells import KEY, SCENARIO, URL, neighbour, person_of, refuses, run, same, saw
from person import Person

LOOKUP = {"type": "function", "name": "lookup", "description": "Looks a key up.", "strict": True, "parameters": {
    "type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"], "additionalProperties": False}}
WEATHER = {"type": "function", "name": "get_weather", "description": "The weather of a city.", "strict": False, "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}
REASONING = {"reasoning": {"effort": "low", "summary": "auto"}, "include": ["reasoning.encrypted_content"], "store": False}


class Responses:
    sdk, format, refusals = "openai (Python)", "OpenAI Responses", openai.APIError

    def __init__(self):
        http = openai.DefaultHttpxClient(event_hooks={"response": [saw]})
        self.client = openai.OpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0, timeout=20, http_client=http)

    def asked(self, site, ability, given, **more):
        return dict(model=f"{site['name']}-{ability}", input=given, **{"store": False, **more})

    def final(self, asked):
        with self.client.responses.stream(**asked) as stream:
            return stream.get_final_response()

    @staticmethod
    def conversation():
        told = SCENARIO["text"]
        return [{"role": "user", "content": told["first"]}, {"role": "assistant", "content": told["noted"]}, {"role": "user", "content": told["ask"]}]

    @staticmethod
    def usage_adds_up(usage):
        assert usage.input_tokens > 0 and usage.output_tokens > 0, f"usage lacks a count: {usage}"
        same(usage.total_tokens, usage.input_tokens + usage.output_tokens, "total_tokens")

    def text(self, site):
        answer = self.client.responses.create(**self.asked(site, "chat", self.conversation(), instructions=SCENARIO["text"]["system"], max_output_tokens=500))
        same(answer.output_text, SCENARIO["text"]["expected"])
        same(answer.status, "completed", "status")
        self.usage_adds_up(answer.usage)

    def stream(self, site):
        events = list(self.client.responses.create(**self.asked(site, "chat", self.conversation(), instructions=SCENARIO["text"]["system"]), stream=True))
        same("".join(event.delta for event in events if event.type == "response.output_text.delta"), SCENARIO["text"]["expected"])
        same([events[0].type, events[-1].type], ["response.created", "response.completed"], "the first and last event")
        same(events[-1].response.output_text, SCENARIO["text"]["expected"], "the whole response's text")
        same([event.sequence_number for event in events], list(range(len(events))), "the sequence numbers")
        self.usage_adds_up(events[-1].response.usage)

    def turn(self, site, ability, given, streams, **more):
        """One answer's items, added to the input as programs add them."""
        asked = self.asked(site, ability, given, **more)
        answer = self.final(asked) if streams else self.client.responses.create(**asked)
        given += answer.output
        return answer, [item for item in answer.output if item.type == "function_call"]

    def tools(self, site, ability="tools", begun=None, **more):
        """@param begun  the site that is asked first, and thinks about it"""
        chain, keys = SCENARIO["chain"], []
        given = [{"role": "user", "content": chain["ask"]}]
        for number in range(4):
            if begun and number == 0:
                answer, calls = self.turn(begun, "reasoning", given, streams=False, tools=[LOOKUP], **REASONING)
            else:
                answer, calls = self.turn(site, ability, given, streams=number % 2 == 1, tools=[LOOKUP], **more)
            if not calls:
                break
            for call in calls:
                keys.append(json.loads(call.arguments)["key"])
                given.append({"type": "function_call_output", "call_id": call.call_id, "output": json.dumps(chain["results"][keys[-1]])})
        same(keys, chain["keys"], "the keys that were looked up")
        same(answer.output_text, chain["expected"])

    def moved(self, site):
        self.tools(site, begun=neighbour(site))

    def parallel(self, site):
        weather = SCENARIO["weather"]
        for streams in (False, True):
            given = [{"role": "user", "content": weather["ask"]}]
            _, calls = self.turn(site, "tools", given, streams, tools=[WEATHER])
            same([json.loads(call.arguments)["city"] for call in calls], list(weather["degrees"]), "the cities that were asked for")
            for call in reversed(calls):
                output = json.dumps({"degrees": weather["degrees"][json.loads(call.arguments)["city"]]})
                given.append({"type": "function_call_output", "call_id": call.call_id, "output": output})
            same(self.turn(site, "tools", given, streams, tools=[WEATHER])[0].output_text, weather["expected"])

    def vision(self, site):
        parts = [{"type": "input_text", "text": SCENARIO["picture"]["ask"]}, {"type": "input_image", "image_url": "data:image/png;base64," + SCENARIO["picture"]["png"], "detail": "auto"}]
        same(self.client.responses.create(**self.asked(site, "vision", [{"role": "user", "content": parts}])).output_text, SCENARIO["picture"]["expected"])

    def schema(self, site):
        asked = self.asked(site, "schema", SCENARIO["person"]["ask"], text_format=Person)
        same(person_of(self.client.responses.parse(**asked).output_parsed), SCENARIO["person"]["expected"])
        same(person_of(self.final(asked).output_parsed), SCENARIO["person"]["expected"], "the stream's answer")

    def reasoning(self, site):
        asked = self.asked(site, "reasoning", SCENARIO["text"]["first"], **REASONING)
        for answer in (self.client.responses.create(**asked), self.final(asked)):
            thoughts = ["".join(part.text for part in item.summary) for item in answer.output if item.type == "reasoning"]
            assert thoughts and thoughts[0].startswith(SCENARIO["thought"]), f"the thoughts are {thoughts}"
        if site["able"]["tools"]:
            self.tools(site, "reasoning", **REASONING)

    def errors(self, site):
        ask = lambda model, text="Hello", **more: self.client.responses.create(model=f"{site['name']}{model}", input=text, store=False, **more)
        for streams in (False, True):
            refuses(lambda: ask("-chat", SCENARIO["long"], stream=streams), openai.BadRequestError, 400, "context_length_exceeded")
        if not site["serves_any_model"]:
            refuses(lambda: ask("/no-such-model"), openai.NotFoundError, 404, "model_not_found")
        refuses(lambda: ask("-badkey"), openai.InternalServerError, 502, "provider_auth")
        refuses(lambda: ask("-badkey", stream=True), openai.InternalServerError, 502, "provider_auth")
        if site["limits"]:
            refuses(lambda: ask("-limited"), openai.RateLimitError, 429)


if __name__ == "__main__":
    run(Responses())
