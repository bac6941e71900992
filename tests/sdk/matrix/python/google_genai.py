# SPDX-License-Identifier: GPL-3.0-or-later
"""google-genai for Python."""

import base64
import json

import httpx
from google import genai
from google.genai import errors, types

from cells import KEY, SCENARIO, URL, neighbour, person_of, refuses, run, same, saw
from person import Person

STRING = types.Schema(type="STRING")


def function(name, parameter):
    parameters = types.Schema(type="OBJECT", properties={parameter: STRING}, required=[parameter])
    return types.Tool(function_declarations=[types.FunctionDeclaration(name=name, description=f"Does {name}.", parameters=parameters)])


LOOKUP, WEATHER = function("lookup", "key"), function("get_weather", "city")
NO_LOOP = types.AutomaticFunctionCallingConfig(disable=True)


def user(*parts):
    return types.Content(role="user", parts=[types.Part(text=part) if isinstance(part, str) else part for part in parts])


class GenerateContent:
    sdk, format, refusals = "google-genai (Python)", "Gemini generateContent", errors.APIError

    def __init__(self):
        http = httpx.Client(event_hooks={"response": [saw]}, timeout=20)
        self.client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=URL, httpx_client=http, retry_options=types.HttpRetryOptions(attempts=1)))

    def whole(self, site, ability, contents, **config):
        return self.client.models.generate_content(model=f"{site['name']}{'' if ability.startswith('/') else '-'}{ability}", contents=contents, config=types.GenerateContentConfig(automatic_function_calling=NO_LOOP, **config))

    def chunks(self, site, ability, contents, **config):
        return list(self.client.models.generate_content_stream(model=f"{site['name']}{'' if ability.startswith('/') else '-'}{ability}", contents=contents, config=types.GenerateContentConfig(automatic_function_calling=NO_LOOP, **config)))

    @staticmethod
    def conversation():
        told = SCENARIO["text"]
        return [user(told["first"]), types.Content(role="model", parts=[types.Part(text=told["noted"])]), user(told["ask"])], dict(system_instruction=told["system"])

    @staticmethod
    def usage_adds_up(usage):
        assert usage.prompt_token_count > 0 and usage.candidates_token_count > 0, f"usage lacks a count: {usage}"
        same(usage.total_token_count, usage.prompt_token_count + usage.candidates_token_count + (usage.thoughts_token_count or 0), "total_token_count")

    def text(self, site):
        contents, config = self.conversation()
        answer = self.whole(site, "chat", contents, **config, max_output_tokens=500)
        same(answer.text, SCENARIO["text"]["expected"])
        same(answer.candidates[0].finish_reason, types.FinishReason.STOP, "finish_reason")
        self.usage_adds_up(answer.usage_metadata)

    def stream(self, site):
        contents, config = self.conversation()
        chunks = self.chunks(site, "chat", contents, **config)
        same("".join(chunk.text or "" for chunk in chunks), SCENARIO["text"]["expected"])
        same(chunks[-1].candidates[0].finish_reason, types.FinishReason.STOP, "finish_reason")
        self.usage_adds_up(chunks[-1].usage_metadata)

    def turn(self, site, ability, contents, streams, **config):
        """One answer's parts, added to the history as programs add them."""
        if streams:
            parts = [part for chunk in self.chunks(site, ability, contents, **config) for candidate in chunk.candidates for part in candidate.content.parts or ()]
        else:
            parts = self.whole(site, ability, contents, **config).candidates[0].content.parts
        contents.append(types.Content(role="model", parts=parts))
        return "".join(part.text or "" for part in parts if not part.thought), [part.function_call for part in parts if part.function_call]

    def tools(self, site, ability="tools", begun=None, **config):
        """@param begun  the site that is asked first, and thinks about it"""
        chain, asked = SCENARIO["chain"], []
        contents = [user(chain["ask"])]
        for number in range(4):
            if begun and number == 0:
                text, calls = self.turn(begun, "reasoning", contents, streams=False, tools=[LOOKUP], thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_budget=1024))
            else:
                text, calls = self.turn(site, ability, contents, streams=number % 2 == 1, tools=[LOOKUP], **config)
            if not calls:
                break
            asked += [call.args["key"] for call in calls]
            contents.append(user(*(types.Part.from_function_response(name=call.name, response=chain["results"][call.args["key"]]) for call in calls)))
        same(asked, chain["keys"], "the keys that were looked up")
        same(text, chain["expected"])

    def moved(self, site):
        self.tools(site, begun=neighbour(site))

    def parallel(self, site):
        weather = SCENARIO["weather"]
        for streams in (False, True):
            contents = [user(weather["ask"])]
            _, calls = self.turn(site, "tools", contents, streams, tools=[WEATHER])
            same([call.args["city"] for call in calls], list(weather["degrees"]), "the cities that were asked for")
            contents.append(user(*(types.Part.from_function_response(name=call.name, response={"degrees": weather["degrees"][call.args["city"]]}) for call in calls)))
            same(self.turn(site, "tools", contents, streams, tools=[WEATHER])[0], weather["expected"])

    def vision(self, site):
        image = types.Part.from_bytes(data=base64.b64decode(SCENARIO["picture"]["png"]), mime_type="image/png")
        same(self.whole(site, "vision", [user(image, SCENARIO["picture"]["ask"])]).text, SCENARIO["picture"]["expected"])

    def schema(self, site):
        config = dict(response_mime_type="application/json", response_schema=Person)
        same(person_of(self.whole(site, "schema", [user(SCENARIO["person"]["ask"])], **config).parsed), SCENARIO["person"]["expected"])
        plain = dict(response_mime_type="application/json", response_json_schema=SCENARIO["person"]["schema"])
        text = "".join(chunk.text or "" for chunk in self.chunks(site, "schema", [user(SCENARIO["person"]["ask"])], **plain))
        same(json.loads(text), SCENARIO["person"]["expected"], "the stream's answer")

    def reasoning(self, site):
        config = dict(thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_budget=1024))
        contents = [user(SCENARIO["text"]["first"])]
        whole = self.whole(site, "reasoning", contents, **config)
        streamed = [part for chunk in self.chunks(site, "reasoning", contents, **config) for part in chunk.candidates[0].content.parts or ()]
        for parts in (whole.candidates[0].content.parts, streamed):
            thought = "".join(part.text or "" for part in parts if part.thought)
            assert site["hides_thought"] or thought.startswith(SCENARIO["thought"]), f"the thought is {thought!r}"
        if site["hides_thought"]:
            assert whole.usage_metadata.thoughts_token_count > 0, f"no tokens of thought: {whole.usage_metadata}"
        if site["able"]["tools"]:
            self.tools(site, "reasoning", **config)

    def errors(self, site):
        refuses(lambda: self.whole(site, "chat", SCENARIO["long"]), errors.ClientError, 400, "INVALID_ARGUMENT")
        refuses(lambda: self.chunks(site, "chat", SCENARIO["long"]), errors.ClientError, 400, "INVALID_ARGUMENT")
        if not site["serves_any_model"]:
            refuses(lambda: self.whole(site, "/no-such-model", "Hello"), errors.ClientError, 404, "NOT_FOUND")
        refuses(lambda: self.whole(site, "badkey", "Hello"), errors.ServerError, 502)
        refuses(lambda: self.chunks(site, "badkey", "Hello"), errors.ServerError, 502)
        if site["limits"]:
            refuses(lambda: self.whole(site, "limited", "Hello"), errors.ClientError, 429, "RESOURCE_EXHAUSTED")

    def count(self, site):
        counted = self.client.models.count_tokens(model=f"{site['name']}-chat", contents="Hello " * 50)
        assert 20 < counted.total_tokens < 400, f"total_tokens is {counted.total_tokens}"


if __name__ == "__main__":
    run(GenerateContent())
