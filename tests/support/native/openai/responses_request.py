# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a request to /responses, and refuses what OpenAI refuses."""

import json
import re

from .. import schemas
from ..conversation import Call, Conversation, Result, Turn, demand, merged
from .chat_request import picture_of

MEMBERS = frozenset("background conversation include input instructions max_output_tokens max_tool_calls metadata model parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention "
                    "reasoning safety_identifier service_tier store stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user".split())
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
ITEM_ID = {"message": "msg_", "function_call": "fc_", "reasoning": "rs_"}


class Reader:
    def __init__(self, model, body, seal, stored):
        """@param stored  the items of former responses, by id"""
        self.model, self.body, self.seal, self.stored = model, body, seal, stored
        self.calls = {}  # by call_id, those that wait
        self.pending = None  # a reasoning item that wants what it led to

    def read(self):
        body = self.body
        for name in body:
            demand(name in MEMBERS, f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")
        demand((body.get("max_output_tokens") or 16) >= 16, f"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got {body.get('max_output_tokens')} instead.",
               param="max_output_tokens", code="integer_below_min_value")
        reasoning = body.get("reasoning") or {}
        demand(not reasoning.get("effort") or self.model.can_think, "Unsupported parameter: 'reasoning.effort' is not supported with this model.", param="reasoning.effort", code="unsupported_parameter")
        demand(body.get("temperature") in (None, 1) or not self.model.thinks, "Unsupported parameter: 'temperature' is not supported with this model.", param="temperature", code="unsupported_parameter")
        tools = self.tools()
        turns = [Turn("system", [body["instructions"]])] if body.get("instructions") else []
        items = self.items()
        turns += [turn for at, item in enumerate(items) if (turn := self.item(item, f"input[{at}]"))]
        demand(not self.calls, f"No tool output found for function call {next(iter(self.calls), '')}.", param="input")
        form = (body.get("text") or {}).get("format") or {}
        thinks = self.model.always_thinks or (self.model.thinks and reasoning.get("effort") not in (None, "none"))
        return Conversation(turns=merged(turns), tools=list(tools), tool_schemas=tools, tool_choice=self.tool_choice(tools), schema=self.schema(form), json=form.get("type") == "json_object", thinks=thinks,
                            max_tokens=body.get("max_output_tokens"))

    def items(self):
        given = self.body.get("input")
        demand(given, "Missing required parameter: 'input'.", param="input", code="missing_required_parameter")
        items = [{"role": "user", "content": given}] if isinstance(given, str) else given
        before = self.body.get("previous_response_id")
        if before:
            demand(before in self.stored, f"Previous response with id '{before}' not found.", param="previous_response_id", code="previous_response_not_found")
            items = [*self.stored[before], *items]
        return items

    def item(self, item, place):
        kind = item.get("type", "message")
        if "id" in item and kind in ITEM_ID:
            demand(str(item["id"]).startswith(ITEM_ID[kind]), f"Invalid '{place}.id': '{item['id']}'. Expected an ID that begins with '{ITEM_ID[kind][:-1]}'.", param=f"{place}.id", code="invalid_value")
        if self.pending and kind == "message" and item["role"] != "assistant":
            demand(False, f"Item '{self.pending}' of type 'reasoning' was provided without its required following item.", param="input")
        self.pending = item.get("id") if kind == "reasoning" else None
        if kind == "message":
            return self.message(item, place)
        if kind == "function_call":
            demand(NAME.fullmatch(item["name"]) and isinstance(item["arguments"], str), f"Invalid '{place}'.", param=place)
            call = Call(item["call_id"], item["name"], json.loads(item["arguments"] or "{}"))
            self.calls[call.id] = call
            return Turn("assistant", [call])
        if kind == "function_call_output":
            demand(item.get("call_id") in self.calls, f"No tool call found for function call output with call_id {item.get('call_id')}.", param="input")
            output = item["output"]
            return Turn("user", [Result(self.calls.pop(item["call_id"]), output if isinstance(output, str) else "".join(part["text"] for part in output))])
        demand(kind == "reasoning", f"Invalid value: '{kind}'. Supported values are: 'message', 'function_call', 'function_call_output', 'reasoning'.", param=f"{place}.type", code="invalid_value")
        sealed = item.get("encrypted_content")
        demand(sealed is None or self.seal.opened(sealed) is not None, f"The encrypted content for item {item.get('id')} could not be verified.", code="invalid_encrypted_content")
        return None

    def message(self, item, place):
        role = item.get("role")
        demand(role in ("user", "assistant", "system", "developer"), f"Invalid value: '{role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.", param=f"{place}.role", code="invalid_value")
        content = item.get("content")
        parts = [content] if isinstance(content, str) else [self.part(part, role, f"{place}.content[{at}]") for at, part in enumerate(content)]
        return Turn({"developer": "system"}.get(role, role), parts)

    def part(self, part, role, place):
        kind = part.get("type")
        known = ("output_text", "refusal") if role == "assistant" else ("input_text", "input_image", "input_file")
        demand(kind in known, f"Invalid value: '{kind}'. Supported values are: {', '.join(known)}.", param=f"{place}.type", code="invalid_value")
        if kind == "input_image":
            demand(self.model.sees, "This model does not support image inputs.", param=place)
            demand(isinstance(part.get("image_url"), str), f"Invalid type for '{place}.image_url': expected an image URL, but got an object instead.", param=f"{place}.image_url", code="invalid_type")
            return picture_of(part["image_url"], f"{place}.image_url")
        return part["refusal" if kind == "refusal" else "text"]

    def tools(self):
        found = {}
        for at, tool in enumerate(self.body.get("tools") or ()):
            demand(tool.get("type") == "function", f"Invalid value: '{tool.get('type')}'.", param=f"tools[{at}].type")
            demand("function" not in tool and NAME.fullmatch(tool.get("name", "")), f"Missing required parameter: 'tools[{at}].name'.", param=f"tools[{at}].name", code="missing_required_parameter")
            schema = tool.get("parameters") or {"type": "object", "properties": {}}
            problem = schemas.strict_problem(schema) if tool.get("strict") else None
            demand(problem is None, f"Invalid schema for function '{tool['name']}': {problem}", param=f"tools[{at}].parameters", code="invalid_function_parameters")
            found[tool["name"]] = schema
        return found

    def tool_choice(self, tools):
        choice = self.body.get("tool_choice") or "auto"
        if isinstance(choice, dict):
            demand(choice.get("name") in tools, f"Tool choice '{choice.get('name')}' not found in 'tools' parameter.", param="tool_choice")
            return choice["name"]
        demand(choice in ("none", "auto", "required"), f"Invalid value: '{choice}'.", param="tool_choice")
        demand(choice != "required" or tools, "Tool choice 'required' must be specified with 'tools' parameter.", param="tool_choice")
        return choice

    @staticmethod
    def schema(form):
        if form.get("type") != "json_schema":
            return None
        demand(NAME.fullmatch(form.get("name", "")), "Missing required parameter: 'text.format.name'.", param="text.format.name", code="missing_required_parameter")
        problem = schemas.strict_problem(form["schema"]) if form.get("strict") else None
        demand(problem is None, f"Invalid schema for response_format '{form['name']}': {problem}", param="text.format.schema", code="invalid_json_schema")
        return form["schema"]
