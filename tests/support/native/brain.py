# SPDX-License-Identifier: GPL-3.0-or-later
"""The model behind every fake provider. It answers by what it was told, so that whatever a translation loses shows in the answer.

    system "Begin every answer with X"          the answer begins with X
    "Say my name and WORD backwards"            the name from an earlier turn, and the word
    a picture                                   its size and colour
    "Follow the chain from KEY", tool lookup    calls lookup(key) again with what each result names as "next", until one has a "value"
    "weather in A, B and C", tool get_weather   one call for each, at once; then all results, each beside its city
    a schema for the answer, or a tool that must be called or takes no more than that: filled with the prompt's "name: value" pairs
"""

import json
import re

from . import picture, schemas
from .conversation import Call, Picture, Refusal, Reply, Result

TOKENS_OF_A_PICTURE = 85


def tokens(text):
    return len(text) // 4 + 1


def prompt_tokens(conversation):
    count = 0
    for turn in conversation.turns:
        for part in turn.parts:
            if isinstance(part, Picture):
                count += TOKENS_OF_A_PICTURE
            elif isinstance(part, Call):
                count += tokens(part.name + json.dumps(part.arguments))
            else:
                count += tokens(part.text if isinstance(part, Result) else part)
    return count + 10 * len(conversation.tools)


def _ids(prefix):
    number = 0
    while True:
        number += 1
        yield f"{prefix}{number}"


_call_numbers = _ids("")


def _call(name, arguments):
    return Call(next(_call_numbers), name, arguments)


def _cities(text):
    found = re.search(r"weather in ([^?.]+)", text)
    return re.split(r", | and ", found[1].strip()) if found else []


def _after_results(turn):
    """What follows on results of tools, which are the conversation's last turn."""
    results = [part for part in turn.parts if isinstance(part, Result)]
    if results[0].call.name == "lookup":
        told = json.loads(results[-1].text)
        return Reply(calls=[_call("lookup", {"key": told["next"]})]) if "next" in told else Reply(text=f"The chain ends with {told['value']}.")
    told = [f"{result.call.arguments['city']} {json.loads(result.text)['degrees']}" for result in results]
    return Reply(text="; ".join(sorted(told)))


def _with_tools(conversation, asked):
    names, choice = conversation.tools, conversation.tool_choice
    if choice == "none" or not names:
        return None
    if "lookup" in names and (found := re.search(r"chain from (\w+)", asked)):
        return Reply(calls=[_call("lookup", {"key": found[1]})])
    if "get_weather" in names and _cities(asked):
        return Reply(calls=[_call("get_weather", {"city": city}) for city in _cities(asked)])
    facts = schemas.facts_of(asked)
    name = choice if choice in names else names[-1]
    schema = conversation.tool_schemas[name]
    if choice == "auto" and not (facts and schemas.plain_names(schema) <= set(facts)):
        return None
    return Reply(calls=[_call(name, schemas.fill(schema, facts))])


def _schema_in(text):
    """A schema that somebody wrote into the prompt, for models that know no other way."""
    at = text.find('{"')
    if at < 0:
        return None
    try:
        found = json.JSONDecoder().raw_decode(text[at:])[0]
    except ValueError:
        return None
    return found if "properties" in found else None


def _in_json(conversation, asked):
    schema = conversation.schema or next(filter(None, map(_schema_in, conversation.texts("system"))), None)
    facts = schemas.facts_of(asked)
    return json.dumps(schemas.fill(schema, facts) if schema else facts, ensure_ascii=False)


def _in_words(conversation, turn, asked):
    pictures = [part for part in turn.parts if isinstance(part, Picture)]
    if pictures:
        try:
            return " and ".join(picture.describe(each.data) for each in pictures)
        except ValueError as why:
            raise Refusal("invalid", f"Could not process image: {why}") from None
    if found := re.search(r'Say my name and "(.+)" backwards', asked, re.DOTALL):
        name = next((match[1] for text in conversation.texts("user") if (match := re.search(r"My name is (\w+)", text))), "nobody")
        return f"{name}: {found[1][::-1]}"
    return f"I was not told what to do with {asked!r}"


def _decide(conversation):
    turn = conversation.turns[-1]
    if any(isinstance(part, Result) for part in turn.parts):
        return _after_results(turn)
    asked = "\n".join(part for part in turn.parts if isinstance(part, str))
    reply = _with_tools(conversation, asked)
    if reply is None:
        reply = Reply(text=_in_json(conversation, asked) if conversation.schema or conversation.json else _in_words(conversation, turn, asked))
    return reply


def answer(conversation, context=None):
    """@param context  how many tokens the model reads at most; more is a Refusal of the kind `context`, with both numbers"""
    prompt = prompt_tokens(conversation)
    if context and prompt > context:
        raise Refusal("context", "too long", param=(prompt, context))
    reply = _decide(conversation)
    beginning = next((match[1] for text in conversation.texts("system") if (match := re.search(r"Begin every answer with (\w+)", text))), None)
    if beginning and reply.text and not (conversation.schema or conversation.json):
        reply.text = f"{beginning}, {reply.text}"
    if conversation.thinks:
        reply.thinking = f"They said {conversation.texts()[-1][:60]!r}, so I think about it."
        reply.thinking_tokens = tokens(reply.thinking)
    written = reply.text + "".join(call.name + json.dumps(call.arguments) for call in reply.calls)
    limit = conversation.max_tokens
    if limit and not reply.calls and tokens(reply.text) > limit:
        reply.text, reply.cut = reply.text[: limit * 4], True
    reply.prompt_tokens, reply.answer_tokens = prompt, min(tokens(written), limit or tokens(written))
    return reply
