# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a request to Anthropic's /v1/messages, and refuses what Anthropic refuses, in its words."""

import base64
import binascii
import re

from .. import picture, schemas
from ..conversation import Call, Conversation, Picture, Refusal, Result, Turn, demand

MEMBERS = {"model", "max_tokens", "messages", "system", "tools", "tool_choice", "temperature", "top_p", "top_k", "stop_sequences", "stream", "metadata", "thinking", "output_config", "service_tier",
           "container", "context_management", "mcp_servers", "inference_geo", "cache_control"}
BLOCK_MEMBERS = {
    "text": {"type", "text", "cache_control", "citations"},
    "image": {"type", "source", "cache_control"},
    "tool_use": {"type", "id", "name", "input", "cache_control", "caller"},
    "tool_result": {"type", "tool_use_id", "content", "is_error", "cache_control"},
    "thinking": {"type", "thinking", "signature"},
    "redacted_thinking": {"type", "data"},
}
TOOL_MEMBERS = {"type", "name", "description", "input_schema", "cache_control", "strict", "eager_input_streaming", "input_examples", "defer_loading", "allowed_callers"}
NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
ID = re.compile(r"[a-zA-Z0-9_-]+")
MAX_OUTPUT = {"claude-3-7": 64000, "claude-haiku-4-5": 64000, "claude-sonnet-4-5": 64000, "claude-opus-4-6": 128000}
ADAPTIVE = ("opus-4-6", "sonnet-4-6")
NEWER = ("opus-4", "sonnet-4-5", "haiku-4-5", "sonnet-4-6")  # temperature or top_p


class Reader:
    def __init__(self, model, body, seal, members=MEMBERS):
        self.model, self.body, self.seal, self.members = model, body, seal, members
        self.calls = {}
        self.marks = 0

    def read(self, counting=False):
        """@param counting  for count_tokens, which wants no max_tokens"""
        body = self.body
        for name in body:
            demand(name in self.members, f"{name}: Extra inputs are not permitted")
        if not counting:
            demand(isinstance(body.get("max_tokens"), int), "max_tokens: Field required")
            most = next((limit for part, limit in MAX_OUTPUT.items() if part in self.model.name), 64000)
            demand(1 <= body["max_tokens"] <= most, f"max_tokens: {body['max_tokens']} > {most}, which is the maximum allowed number of output tokens for {self.model.name}")
        self.thinks = self.thinking()
        self.sampling()
        tools = self.tools()
        turns = self.system() + self.messages(bool(tools))
        demand(self.marks <= 4, f"A maximum of 4 blocks with cache_control may be provided. Found {self.marks}.")
        schema = self.schema()
        return Conversation(turns=turns, tools=list(tools), tool_schemas=tools, tool_choice=self.tool_choice(tools), schema=schema, thinks=self.thinks, max_tokens=body.get("max_tokens"))

    def thinking(self):
        thinking = self.body.get("thinking")
        if thinking is None or thinking.get("type") == "disabled":
            return False
        demand(self.model.can_think, "thinking: this model does not support thinking")
        if thinking["type"] == "adaptive":
            demand(any(part in self.model.name for part in ADAPTIVE), "adaptive thinking is not supported on this model")
            return True
        demand(thinking["type"] == "enabled", f"thinking: Input tag '{thinking['type']}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'")
        budget = thinking.get("budget_tokens")
        demand(isinstance(budget, int) and budget >= 1024, "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
        demand(self.body.get("max_tokens", budget + 1) > budget, "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation")
        return True

    def sampling(self):
        body = self.body
        demand(0 <= body.get("temperature", 1) <= 1, "temperature: range: 0..1")
        if any(part in self.model.name for part in NEWER):
            demand("temperature" not in body or "top_p" not in body, "`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
        if self.thinks:
            demand(body.get("temperature", 1) == 1, "`temperature` may only be set to 1 when thinking is enabled. Please consult our documentation")
            demand("top_k" not in body, "`top_k` must be unset when thinking is enabled.")
        for stop in body.get("stop_sequences", ()):
            demand(stop.strip(), "stop_sequences: each stop sequence must contain non-whitespace")
        demand(set(body.get("metadata", {})) <= {"user_id"}, "metadata: Extra inputs are not permitted")
        demand(body.get("service_tier", "auto") in ("auto", "standard_only"), "service_tier: Input should be 'auto' or 'standard_only'")

    def mark(self, block):
        if block.get("cache_control"):
            demand(block["cache_control"].get("type") == "ephemeral", "cache_control.type: Input should be 'ephemeral'")
            self.marks += 1

    def system(self):
        system = self.body.get("system")
        if isinstance(system, list):
            for at, block in enumerate(system):
                demand(block.get("type") == "text" and block["text"], f"system.{at}: text content blocks must be non-empty")
                self.mark(block)
            system = "\n".join(block["text"] for block in system)
        return [Turn("system", [system])] if system else []

    def messages(self, has_tools):
        messages = self.body.get("messages")
        demand(isinstance(messages, list) and messages, "messages: at least one message is required")
        demand(messages[0].get("role") == "user", "messages: first message must use the \"user\" role")
        turns, waiting = [], []
        for at, message in enumerate(messages):
            demand(message.get("role") in ("user", "assistant"), f"messages.{at}.role: Input should be 'user' or 'assistant'")
            demand(set(message) <= {"role", "content"}, f"messages.{at}: Extra inputs are not permitted")
            turn = self.turn(message, at, waiting)
            demand(has_tools or not any(isinstance(part, (Call, Result)) for part in turn.parts), "Requests which include `tool_use` or `tool_result` blocks must define tools.")
            waiting = [part for part in turn.parts if isinstance(part, Call)]
            turns.append(turn)
        demand(not waiting, f"messages.{len(messages) - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {', '.join(call.id for call in waiting)}.")
        self.end(messages)
        return turns

    def end(self, messages):
        last = messages[-1]
        if last["role"] == "assistant":
            text = last["content"] if isinstance(last["content"], str) else last["content"][-1].get("text", "")
            demand(text == text.rstrip(), "messages: final assistant content cannot end with trailing whitespace")
        latest = next((message for message in reversed(messages) if message["role"] == "assistant"), None)
        if self.thinks and latest and isinstance(latest["content"], list) and any(block["type"] == "tool_use" for block in latest["content"]):
            first, at = latest["content"][0]["type"], messages.index(latest)
            demand(first in ("thinking", "redacted_thinking"), f"messages.{at}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{first}`. When `thinking` is enabled, a final "
                   "`assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).")

    def turn(self, message, at, waiting):
        content = message.get("content")
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        demand(isinstance(content, list) and content, f"messages.{at}: all messages must have non-empty content except for the optional final assistant message")
        answered = [block.get("tool_use_id") for block in content if block.get("type") == "tool_result"]
        leading = [block.get("tool_use_id") for block in content[: len(answered)]]
        missing = [call.id for call in waiting if call.id not in leading]
        demand(not missing, f"messages.{at - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {', '.join(missing)}. Each `tool_use` block must have a corresponding "
               "`tool_result` block in the next message.")
        for number, name in enumerate(answered):
            demand(name in [call.id for call in waiting], f"messages.{at}.content.{number}: unexpected `tool_use_id` found in `tool_result` blocks: {name}. Each `tool_result` block must have a "
                   "corresponding `tool_use` block in the previous message.")
        parts = [self.block(block, message["role"], f"messages.{at}.content.{number}") for number, block in enumerate(content)]
        return Turn(message["role"], [part for part in parts if part is not None])

    def block(self, block, role, place):
        kind = block.get("type")
        demand(kind in BLOCK_MEMBERS, f"{place}: Input tag '{kind}' found using 'type' does not match any of the expected tags")
        for name in block:
            demand(name in BLOCK_MEMBERS[kind], f"{place}.{kind}.{name}: Extra inputs are not permitted")
        demand((role == "assistant") == (kind in ("tool_use", "thinking", "redacted_thinking")) or kind == "text", f"{place}: `{kind}` blocks are not allowed in `{role}` messages")
        self.mark(block)
        return {"text": self.text, "image": self.image, "tool_use": self.tool_use, "tool_result": self.tool_result}.get(kind, self.thought)(block, place)

    def text(self, block, place):
        demand(block["text"], "messages: text content blocks must be non-empty")
        demand(block["text"].strip(), "messages: text content blocks must contain non-whitespace text")
        return block["text"]

    def image(self, block, place):
        demand(self.model.sees, f"{place}: this model does not support images")
        source = block["source"]
        demand(source.get("type") == "base64", f"{place}.image.source: only base64 is fetched here")
        try:
            data = base64.b64decode(source["data"], validate=True)
        except binascii.Error:
            raise Refusal("invalid", f"{place}.image.source.base64.data: Invalid base64 data") from None
        demand(picture.media_type(data) == source["media_type"], f"{place}.image.source.base64.data: Image does not match the provided media type {source['media_type']}")
        return Picture(data)

    def tool_use(self, block, place):
        demand(ID.fullmatch(block["id"]), f"{place}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
        demand(block["id"] not in self.calls, f"{place}: `tool_use` ids must be unique")
        demand(NAME.fullmatch(block["name"]), f"{place}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'")
        demand(isinstance(block["input"], dict), f"{place}.tool_use.input: Input should be a valid dictionary")
        self.calls[block["id"]] = Call(block["id"], block["name"], block["input"])
        return self.calls[block["id"]]

    def tool_result(self, block, place):
        content = block.get("content", "")
        if isinstance(content, list):
            texts = [part for part in content if part["type"] == "text"]
            demand(all(part["text"] for part in texts), "messages: text content blocks must be non-empty")
            content = "".join(part["text"] for part in texts)
        return Result(self.calls[block["tool_use_id"]], content)

    def thought(self, block, place):
        if block["type"] == "thinking":
            demand(self.seal.signed(block["thinking"], block["signature"]), f"{place}: Invalid `signature` in `thinking` block")
        else:
            demand(self.seal.opened(block["data"]) is not None, f"{place}: Invalid `data` in `redacted_thinking` block")

    def tools(self):
        found = {}
        for at, tool in enumerate(self.body.get("tools", ())):
            demand(self.model.calls, "tools: this model does not support tools")
            demand(tool.get("type", "custom") == "custom", f"tools.{at}: Input tag '{tool.get('type')}' found using 'type' does not match any of the expected tags")
            for name in tool:
                demand(name in TOOL_MEMBERS, f"tools.{at}.custom.{name}: Extra inputs are not permitted")
            demand(NAME.fullmatch(tool["name"]), f"tools.{at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'")
            demand(tool["name"] not in found, "tools: Tool names must be unique.")
            demand(isinstance(tool.get("input_schema"), dict), f"tools.{at}.custom.input_schema: Field required")
            demand(tool["input_schema"].get("type") == "object", f"tools.{at}.custom.input_schema.type: Input should be 'object'")
            problem = schemas.anthropic_problem(tool["input_schema"]) if tool.get("strict") else None
            demand(problem is None, f"tools.{at}.custom: {problem}")
            self.mark(tool)
            found[tool["name"]] = tool["input_schema"]
        return found

    def tool_choice(self, tools):
        choice = self.body.get("tool_choice")
        if choice is None:
            return "auto"
        demand(tools, "tool_choice: tools must be specified when tool_choice is")
        kind = choice["type"]
        demand(kind in ("auto", "any", "tool", "none"), f"tool_choice: Input tag '{kind}' found using 'type' does not match any of the expected tags")
        demand(not self.thinks or kind in ("auto", "none"), "Thinking may not be enabled when tool_choice forces tool use.")
        demand(kind != "tool" or choice["name"] in tools, f"tool_choice.name: Tool '{choice.get('name')}' not found in provided tools")
        return {"any": "required", "tool": choice.get("name")}.get(kind, kind)

    def schema(self):
        config = self.body.get("output_config", {})
        demand(set(config) <= {"format", "effort", "task_budget"}, "output_config: Extra inputs are not permitted")
        if "effort" in config:
            demand(any(part in self.model.name for part in (*ADAPTIVE, "opus-4-5")), "This model does not support the effort parameter.")
            demand(config["effort"] in ("low", "medium", "high", "max"), "output_config.effort: Input should be 'low', 'medium', 'high' or 'max'")
        form = config.get("format")
        if not form:
            return None
        demand(self.model.schema, "output_config.format: this model does not support structured outputs")
        problem = schemas.anthropic_problem(form["schema"])
        demand(form["type"] == "json_schema" and problem is None, f"output_config.format.schema: {problem}")
        return form["schema"]
