# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a request to Cohere's /v2/chat, and refuses what Cohere refuses."""

import json

from ..conversation import Call, Conversation, Result, Turn, demand, merged
from ..openai.chat_request import picture_of

MEMBERS = {"model", "messages", "stream", "tools", "strict_tools", "tool_choice", "documents", "citation_options", "response_format", "safety_mode", "max_tokens", "stop_sequences", "temperature", "seed",
           "frequency_penalty", "presence_penalty", "k", "p", "logprobs", "thinking", "priority"}
MESSAGE_MEMBERS = {"role", "content", "tool_calls", "tool_plan", "tool_call_id", "citations"}


class Reader:
    def __init__(self, model, body):
        self.model, self.body, self.waiting = model, body, {}

    def read(self):
        body = self.body
        for name, value in body.items():
            demand(name in MEMBERS, f"invalid request: unknown field '{name}'")
            demand(value is not None, f"invalid request: '{name}' may not be null")
        demand(0 <= body.get("temperature", 0) <= 1, "invalid request: temperature must be between 0 and 1.0 inclusive.")
        demand(0.01 <= body.get("p", 0.75) <= 0.99, "invalid request: p must be between 0.01 and 0.99 inclusive.")
        demand(len(body.get("stop_sequences", ())) <= 5, "invalid request: at most 5 stop_sequences.")
        tools = self.tools()
        thinking = body.get("thinking", {}).get("type") == "enabled"
        demand("thinking" not in body or self.model.can_think, f"invalid request: model '{self.model.name}' does not support thinking.")
        form = body.get("response_format", {})
        demand(not form or not tools, "invalid request: response_format is not supported with tools.")
        demand(form.get("type", "text") in ("text", "json_object"), "invalid request: invalid response_format type.")
        schema = form.get("json_schema", form.get("schema"))
        turns = [self.turn(message, at) for at, message in enumerate(self.messages())]
        demand(not self.waiting, "invalid request: the last message has tool calls without results.")
        return Conversation(turns=merged(turns), tools=list(tools), tool_schemas=tools, tool_choice=self.tool_choice(tools), schema=schema, json=form.get("type") == "json_object", thinks=thinking,
                            max_tokens=body.get("max_tokens"))

    def messages(self):
        messages = self.body.get("messages")
        demand(isinstance(messages, list) and messages, "invalid request: messages must be at least 1 message.")
        demand(messages[-1].get("role") in ("user", "tool", "system"), "invalid request: the last message must be from the user or a tool.")
        return messages

    def turn(self, message, at):
        role = message.get("role")
        demand(role in ("system", "user", "assistant", "tool"), f"invalid request: messages[{at}] has an invalid role '{role}'.")
        demand(set(message) <= MESSAGE_MEMBERS, f"invalid request: messages[{at}] has an unknown field.")
        if role == "tool":
            call = self.waiting.pop(message.get("tool_call_id"), None)
            demand(call, f"invalid request: messages[{at}]: cannot find tool call id '{message.get('tool_call_id')}' in the previous message.")
            return Turn("user", [Result(call, self.result(message["content"]))])
        demand(not self.waiting, f"invalid request: messages[{at}]: tool call results are missing for {', '.join(self.waiting)}.")
        parts = self.content(message.get("content"), at)
        if role == "assistant":
            parts += self.calls(message)
            demand(parts, f"invalid request: messages[{at}]: an assistant message must have content or tool calls.")
        else:
            demand(parts, f"invalid request: messages[{at}]: content must be non-empty.")
        return Turn(role, parts)

    def content(self, content, at):
        if isinstance(content, str):
            return [content] if content else []
        parts = []
        for part in content or ():
            if part["type"] == "text":
                parts.append(part["text"])
            elif part["type"] == "image_url":
                demand(self.model.sees, f"invalid request: model '{self.model.name}' does not support image input.")
                parts.append(picture_of(part["image_url"]["url"], f"messages[{at}].content"))
            else:
                demand(part["type"] == "thinking", f"invalid request: messages[{at}]: invalid content type '{part['type']}'.")
        return parts

    @staticmethod
    def result(content):
        if isinstance(content, str):
            return content
        return "".join(part["document"]["data"] if part["type"] == "document" else part["text"] for part in content)

    def calls(self, message):
        found = []
        for call in message.get("tool_calls") or ():
            demand(call["type"] == "function" and call["id"], "invalid request: tool calls need an id and the type function.")
            found.append(Call(call["id"], call["function"]["name"], json.loads(call["function"]["arguments"])))
            self.waiting[call["id"]] = found[-1]
        return found

    def tools(self):
        found = {}
        for tool in self.body.get("tools", ()):
            demand(self.model.calls, f"invalid request: model '{self.model.name}' does not support tools.")
            demand(set(tool) == {"type", "function"} and set(tool["function"]) <= {"name", "description", "parameters"}, "invalid request: a tool has an unknown field.")
            name = tool["function"]["name"]
            demand(name.isidentifier(), f"invalid request: tool name '{name}' may only contain letters, digits and underscores, and may not begin with a digit.")
            found[name] = tool["function"].get("parameters", {"type": "object"})
        return found

    def tool_choice(self, tools):
        choice = self.body.get("tool_choice")
        demand(choice in (None, "REQUIRED", "NONE"), f"invalid request: tool_choice '{choice}' must be REQUIRED or NONE.")
        demand(choice != "REQUIRED" or tools, "invalid request: tool_choice without tools.")
        return {"REQUIRED": "required", "NONE": "none"}.get(choice, "auto")
