# SPDX-License-Identifier: GPL-3.0-or-later
"""langchain-openai for Python, by chat completions and by Responses. It keeps nothing of an answer that OpenAI's own format lacks."""

import json
import os

os.environ.setdefault("LANGCHAIN_TRACING_V2", "false")

import openai  # noqa: E402
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage  # noqa: E402
from langchain_core.tools import tool  # noqa: E402
from langchain_openai import ChatOpenAI, OpenAIEmbeddings  # noqa: E402

from cells import KEY, SCENARIO, URL, person_of, refuses, run, same, saw  # noqa: E402
from person import Person  # noqa: E402


@tool
def lookup(key: str) -> str:
    """Looks a key up."""
    return json.dumps(SCENARIO["chain"]["results"][key])


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return json.dumps({"degrees": SCENARIO["weather"]["degrees"][city]})


class Chat:
    sdk, format, refusals = "langchain-openai (Python)", "OpenAI Chat", openai.APIError
    responses = False

    def __init__(self):
        self.http = openai.DefaultHttpxClient(event_hooks={"response": [saw]})

    def model(self, site, ability, **more):
        return ChatOpenAI(model=ability if "/" in ability else f"{site['name']}-{ability}", base_url=URL + "/v1", api_key=KEY, max_retries=0, timeout=20, http_client=self.http, use_responses_api=self.responses, stream_usage=True, **more)

    @staticmethod
    def conversation():
        told = SCENARIO["text"]
        return [SystemMessage(told["system"]), HumanMessage(told["first"]), AIMessage(told["noted"]), HumanMessage(told["ask"])]

    @staticmethod
    def usage_adds_up(message):
        usage = message.usage_metadata
        assert usage and usage["input_tokens"] > 0 and usage["output_tokens"] > 0, f"usage lacks a count: {usage}"
        same(usage["total_tokens"], usage["input_tokens"] + usage["output_tokens"], "total_tokens")

    def text(self, site):
        message = self.model(site, "chat").invoke(self.conversation())
        same(message.text, SCENARIO["text"]["expected"])
        self.usage_adds_up(message)

    @staticmethod
    def put_together(chunks):
        whole = None
        for chunk in chunks:
            whole = chunk if whole is None else whole + chunk
        return whole

    def stream(self, site):
        message = self.put_together(self.model(site, "chat").stream(self.conversation()))
        same(message.text, SCENARIO["text"]["expected"])
        self.usage_adds_up(message)

    def turn(self, model, messages, streams):
        message = self.put_together(model.stream(messages)) if streams else model.invoke(messages)
        messages.append(message)
        return message

    def tools(self, site, ability="tools", **more):
        chain, asked = SCENARIO["chain"], []
        model, messages = self.model(site, ability, **more).bind_tools([lookup]), [HumanMessage(chain["ask"])]
        for number in range(4):
            message = self.turn(model, messages, streams=number % 2 == 1)
            if not message.tool_calls:
                break
            asked += [call["args"]["key"] for call in message.tool_calls]
            messages += [lookup.invoke(call) for call in message.tool_calls]
        same(asked, chain["keys"], "the keys that were looked up")
        same(message.text, chain["expected"])

    def parallel(self, site):
        weather, model = SCENARIO["weather"], self.model(site, "tools").bind_tools([get_weather])
        for streams in (False, True):
            messages = [HumanMessage(weather["ask"])]
            calls = self.turn(model, messages, streams).tool_calls
            same([call["args"]["city"] for call in calls], list(weather["degrees"]), "the cities that were asked for")
            messages += [ToolMessage(get_weather.invoke(call["args"]), tool_call_id=call["id"]) for call in reversed(calls)]
            same(self.turn(model, messages, streams).text, weather["expected"])

    def vision(self, site):
        image = {"type": "image", "base64": SCENARIO["picture"]["png"], "mime_type": "image/png"}
        message = self.model(site, "vision").invoke([HumanMessage([{"type": "text", "text": SCENARIO["picture"]["ask"]}, image])])
        same(message.text, SCENARIO["picture"]["expected"])

    def schema(self, site):
        model = self.model(site, "schema").with_structured_output(Person, method="json_schema")
        same(person_of(model.invoke(SCENARIO["person"]["ask"])), SCENARIO["person"]["expected"])
        last = [part for part in model.stream(SCENARIO["person"]["ask"])][-1]
        same(person_of(last), SCENARIO["person"]["expected"], "the stream's answer")

    def reasoning(self, site):
        message = self.model(site, "reasoning", reasoning_effort="low").invoke(self.conversation())
        same(message.text, SCENARIO["text"]["expected"])
        if site["able"]["tools"]:
            self.tools(site, "reasoning", reasoning_effort="low")

    def errors(self, site):
        ask = lambda ability, text="Hello": self.model(site, ability).invoke(text)
        stream = lambda ability, text="Hello": list(self.model(site, ability).stream(text))
        refuses(lambda: ask("chat", SCENARIO["long"]), openai.BadRequestError, 400, "context_length_exceeded")
        refuses(lambda: stream("chat", SCENARIO["long"]), openai.BadRequestError, 400, "context_length_exceeded")
        if not site["serves_any_model"]:
            refuses(lambda: ask(f"{site['name']}/no-such-model"), openai.NotFoundError, 404, "model_not_found")
        refuses(lambda: stream("badkey"), openai.InternalServerError, 502, "provider_auth")
        if site["limits"]:
            refuses(lambda: ask("limited"), openai.RateLimitError, 429)

    def embeddings(self, site):
        told = SCENARIO["embeddings"]
        # Without check_embedding_ctx_length it would send tokens of OpenAI's own in place of texts.
        model = OpenAIEmbeddings(model=f"{site['name']}-embeddings", base_url=URL + "/v1", api_key=KEY, max_retries=0, http_client=self.http, check_embedding_ctx_length=False)
        texts = told["texts"][: site["texts_at_once"]]
        same(model.embed_documents(texts), told["vectors"][: len(texts)])


class Responses(Chat):
    format, responses = "OpenAI Responses", True
    embeddings = None

    def reasoning(self, site):
        more = dict(reasoning={"effort": "low", "summary": "auto"})
        message = self.model(site, "reasoning", **more).invoke(self.conversation())
        same(message.text, SCENARIO["text"]["expected"])
        thoughts = [block.get("reasoning", "") for block in message.content_blocks if block["type"] == "reasoning"]
        assert thoughts and thoughts[0].startswith("They said"), f"the thoughts are {thoughts}"
        if site["able"]["tools"]:
            self.tools(site, "reasoning", **more)


if __name__ == "__main__":
    run(Chat(), Responses())
