# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a request to /chat/completions, and refuses what the provider would refuse."""

import base64
import binascii
import json
import re

from .. import picture, schemas
from ..conversation import Call, Conversation, Picture, Refusal, Result, Turn, demand, merged
from .dialects import dialect_of

FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
NINE = re.compile(r"[a-zA-Z0-9]{9}")
DATA_URL = re.compile(r"data:(image/[a-z]+);base64,(.+)", re.DOTALL)
REASONING_DROPS = ("max_tokens", "top_p", "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "logit_bias", "stop")


def picture_of(url, place):
    """The picture in a data URL. No fake fetches anything."""
    found = DATA_URL.fullmatch(url)
    demand(found, f"Invalid value for '{place}': expected a data URL of an image.", param=place, code="invalid_image_url")
    try:
        data = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        raise Refusal("invalid", "Invalid base64 image_url.", param=place, code="invalid_base64") from None
    demand(picture.media_type(data) == found[1], f"The image is no {found[1]}.", param=place, code="image_parse_error")
    return Picture(data)


class Reader:
    def __init__(self, site, body, seal):
        """@param seal  what the provider signed its thoughts with (OpenRouter)"""
        self.site, self.dialect, self.body, self.seal = site, dialect_of(site), body, seal
        self.model = site.model(body["model"])
        self.waiting = {}  # calls that have no result yet, by id
        self.thinks = self.model.always_thinks or (self.model.thinks and body.get("reasoning_effort") not in (None, "none"))

    def read(self):
        self.parameters()
        turns = [self.turn(message, f"messages[{at}]") for at, message in enumerate(self.messages())]
        self.answered("the end")
        tools = self.tools()
        return Conversation(turns=merged(turns), tools=list(tools), tool_schemas=tools, tool_choice=self.tool_choice(tools), schema=self.schema(), json=self.format.get("type") == "json_object",
                            thinks=self.thinks, max_tokens=self.body.get("max_completion_tokens") or self.body.get("max_tokens"))

    def parameters(self):
        body, known = self.body, self.dialect.parameters
        for name, value in body.items():
            demand(known is None or name in known, f"Unrecognized request argument supplied: {name}", param=name, code="extra_forbidden" if self.site.name == "mistral" else "unknown_parameter")
            if self.site.kind in ("openai", "azure") and self.model.thinks and value is not None:
                fine = name not in REASONING_DROPS and not (name == "temperature" and value != 1)
                demand(fine, f"Unsupported parameter: '{name}' is not supported with this model.", param=name, code="unsupported_parameter")
        demand(body.get("temperature") is None or 0 <= body["temperature"] <= 2, "Invalid 'temperature': decimal above maximum value. Expected a value <= 2.", param="temperature")
        demand(1 <= (body.get("n") or 1) <= self.dialect.max_choices, f"'n' : number must be at most {self.dialect.max_choices}", param="n")
        demand(body.get("stream") or not body.get("stream_options"), "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options")
        demand(not body.get("reasoning_effort") or self.model.can_think or known is None, f"Unrecognized request argument supplied: reasoning_effort", param="reasoning_effort")
        self.format = body.get("response_format") or {}
        kinds = ("text", "json_object", "json_schema") if self.dialect.schema and self.model.schema else ("text", "json_object")
        demand(self.format.get("type", "text") in kinds, f"This response_format type is unavailable now: {self.format.get('type')}", param="response_format")

    def messages(self):
        messages = self.body.get("messages")
        demand(isinstance(messages, list) and messages, "[] is too short - 'messages'", param="messages")
        if self.format.get("type") == "json_object" and self.dialect.says_json:
            demand("json" in json.dumps(messages).lower(), "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", param="messages")
        if self.dialect.alternates:
            self.alternation([message.get("role") for message in messages])
        if self.site.name == "mistral":
            self.mistral_order(messages)
        return messages

    @staticmethod
    def alternation(roles):
        while roles and roles[0] == "system":
            roles.pop(0)
        demand(roles and all(role == ("user", "assistant")[at % 2] for at, role in enumerate(roles)) and roles[-1] == "user",
               "After the (optional) system message(s), user and assistant roles should be alternating, and the last message should have role `user`.", param="messages")

    @staticmethod
    def mistral_order(messages):
        for before, after in zip(messages, messages[1:]):
            demand((before["role"], after["role"]) != ("tool", "user"), "Unexpected role 'user' after role 'tool'", param="messages")
        demand(messages[-1]["role"] != "assistant" or messages[-1].get("prefix"), "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant", param="messages")

    def turn(self, message, place):
        role = message.get("role")
        demand(role in self.dialect.roles, f"Invalid value: '{role}'. Supported values are: {', '.join(sorted(self.dialect.roles))}.", param=f"{place}.role", code="invalid_value")
        demand(self.dialect.names or "name" not in message, f"'{place}' : for 'role:{role}' the following must be satisfied[('{place}' : property 'name' is unsupported)]")
        for name in message if self.dialect.message_members else ():
            demand(name in self.dialect.message_members, f"Unknown parameter: '{place}.{name}'.", param=f"{place}.{name}", code="extra_forbidden" if self.site.name == "mistral" else "unknown_parameter")
        if role == "tool":
            return Turn("user", [self.result(message, place)])
        self.answered(place)
        parts = self.content(message, place)
        if role == "assistant":
            parts += self.calls(message, place)
            self.thought(message, place, bool(self.waiting))
        return Turn({"developer": "system"}.get(role, role), parts)

    def content(self, message, place):
        content, role = message.get("content"), message["role"]
        if content is None:
            demand(role == "assistant" and message.get("tool_calls"), f"Invalid value for 'content': expected a string, got null.", param=f"{place}.content")
            return []
        if isinstance(content, str):
            return [content]
        demand(isinstance(content, list), f"Invalid type for '{place}.content': expected one of a string or array of objects.", param=f"{place}.content")
        return [self.part(part, role, f"{place}.content[{at}]") for at, part in enumerate(content)]

    def part(self, part, role, place):
        kind = part.get("type")
        if kind == "text":
            return part["text"]
        if kind == "refusal" and role == "assistant":
            return part["refusal"]
        demand(kind == "image_url" and role == "user", f"Invalid value: '{kind}'.", param=f"{place}.type", code="invalid_value")
        demand(self.model.sees, f"Invalid content type. image_url is only supported by certain models.", param=f"{place}.type")
        image = part["image_url"]
        demand(isinstance(image, dict) or self.site.name == "mistral", f"Invalid type for '{place}.image_url': expected an object, but got a string instead.", param=f"{place}.image_url")
        return picture_of(image["url"] if isinstance(image, dict) else image, f"{place}.image_url.url")

    def calls(self, message, place):
        found = []
        for at, call in enumerate(message.get("tool_calls") or ()):
            where = f"{place}.tool_calls[{at}]"
            demand(call.get("type", "function") == "function" and isinstance(call.get("id"), str) and call["id"], f"Missing required parameter: '{where}.id'.", param=f"{where}.id")
            self.check_id(call["id"])
            function = call["function"]
            demand(FUNCTION_NAME.fullmatch(function["name"]), f"Invalid '{where}.function.name': string does not match pattern.", param=f"{where}.function.name")
            demand(isinstance(function["arguments"], str), f"Invalid type for '{where}.function.arguments': expected a string.", param=f"{where}.function.arguments")
            found.append(Call(call["id"], function["name"], json.loads(function["arguments"] or "{}")))
            self.waiting[call["id"]] = found[-1]
        return found

    def check_id(self, name):
        demand(not self.dialect.nine_ids or NINE.fullmatch(name), f"Tool call id was {name} but must be a-z, A-Z, 0-9, with a length of 9.", param="messages")

    def result(self, message, place):
        name = message.get("tool_call_id")
        demand(isinstance(name, str), f"Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.", param=f"{place}.tool_call_id")
        self.check_id(name)
        demand(name in self.waiting, "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", param=f"{place}.role")
        return Result(self.waiting.pop(name), "".join(self.content(message, place)))

    def answered(self, place):
        demand(not self.waiting or not self.dialect.strict_calls, "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did "
               f"not have response messages: {', '.join(self.waiting)}", param=place)

    def thought(self, message, place, calling):
        if self.dialect.thoughts_back and self.thinks and calling:
            demand(message.get("reasoning_content"), f"Missing `reasoning_content` field in the assistant message at message index {place}")
        for detail in message.get("reasoning_details") or ():
            demand(self.dialect.thought == "details" and self.seal.signed(detail.get("text", ""), detail.get("signature")), f"{place}.reasoning_details: invalid signature")

    def tools(self):
        found = {}
        for at, tool in enumerate(self.body.get("tools") or ()):
            demand(self.model.calls, "Tool calling is not supported for this model.", param="tools")
            demand(tool.get("type") == "function", f"Invalid value: '{tool.get('type')}'. Supported values are: 'function'.", param=f"tools[{at}].type")
            function = tool["function"]
            demand(FUNCTION_NAME.fullmatch(function["name"]), f"Invalid 'tools[{at}].function.name': string does not match pattern.", param=f"tools[{at}].function.name")
            schema = function.get("parameters") or {"type": "object", "properties": {}}
            demand(schema.get("type") == "object", f"Invalid schema for function '{function['name']}': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'.")
            problem = schemas.strict_problem(schema) if function.get("strict") and self.site.kind in ("openai", "azure") else None
            demand(problem is None, f"Invalid schema for function '{function['name']}': {problem}", param=f"tools[{at}].function.parameters", code="invalid_function_parameters")
            found[function["name"]] = schema
        demand(found or not self.body.get("parallel_tool_calls"), "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.", param="parallel_tool_calls")
        return found

    def tool_choice(self, tools):
        choice = self.body.get("tool_choice")
        demand(tools or choice in (None, "none"), "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", param="tool_choice")
        if isinstance(choice, dict):
            name = choice["function"]["name"]
            demand(name in tools, f"Tool choice 'tool' named '{name}' is not among the tools.", param="tool_choice")
            return name
        must = "any" if self.site.name == "mistral" else "required"
        demand(choice in (None, "none", "auto", must), f"Invalid value: '{choice}'. Supported values are: 'none', 'auto', and '{must}'.", param="tool_choice")
        return "required" if choice == must else choice or "auto"

    def schema(self):
        if self.format.get("type") != "json_schema":
            return None
        asked = self.format["json_schema"]
        demand(FUNCTION_NAME.fullmatch(asked.get("name", "")), "Missing required parameter: 'response_format.json_schema.name'.", param="response_format.json_schema.name")
        problem = schemas.strict_problem(asked["schema"]) if asked.get("strict") else None
        demand(problem is None, f"Invalid schema for response_format '{asked['name']}': {problem}", param="response_format")
        return asked["schema"]
