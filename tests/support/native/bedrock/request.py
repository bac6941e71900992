# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a request to Bedrock's Converse, and refuses what Bedrock refuses, in its words."""

import base64
import binascii
import json
import re

from .. import picture
from ..conversation import Call, Conversation, Picture, Refusal, Result, Turn, demand

MEMBERS = {"messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields", "promptVariables", "additionalModelResponseFieldPaths", "requestMetadata",
           "performanceConfig", "serviceTier", "outputConfig"}
BLOCKS = ("text", "image", "document", "video", "toolUse", "toolResult", "guardContent", "cachePoint", "reasoningContent")
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
ID = re.compile(r"[a-zA-Z0-9_.:-]{1,64}")
EXTRA_FIELDS = {"claude": {"thinking", "top_k", "anthropic_beta", "output_config", "tool_choice", "tools"}, "nova": {"inferenceConfig", "reasoningConfig"}, "other": {"thinking"}}


def one_of(value, names, place):
    """The member of a union that is set."""
    set_ = [name for name in value if name in names]
    demand(len(set_) == 1 and len(value) == 1, f"The value at {place} must have exactly one of: {', '.join(names)}.")
    return set_[0]


class Reader:
    def __init__(self, model, body, seal):
        self.model, self.body, self.seal = model, body, seal
        self.family = next((family for family in EXTRA_FIELDS if family in model.name), "other")
        self.waiting = {}

    def read(self):
        for name in self.body:
            demand(name in MEMBERS, f"Unexpected field: {name}")
        tools = self.tools()
        thinks = self.thinking()
        turns = self.system() + self.messages()
        demand(tools or not any(isinstance(part, (Call, Result)) for turn in turns for part in turn.parts),
               "The toolConfig field must be defined when using toolUse and toolResult content blocks.")
        config = self.body.get("inferenceConfig", {})
        demand(set(config) <= {"maxTokens", "temperature", "topP", "stopSequences"}, "Unexpected field in inferenceConfig")
        demand(0 <= config.get("temperature", 0) <= 1, "1 validation error detected: Value at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1")
        return Conversation(turns=turns, tools=list(tools), tool_schemas=tools, tool_choice=self.tool_choice(tools), schema=self.schema(), thinks=thinks, max_tokens=config.get("maxTokens"))

    def thinking(self):
        fields = self.body.get("additionalModelRequestFields", {})
        for name in fields:
            demand(name in EXTRA_FIELDS[self.family], f"The model returned the following errors: {name}: Extra inputs are not permitted")
        if self.family == "other":
            return False
        if self.family == "nova":
            config = fields.get("reasoningConfig", {})
            demand(config.get("maxReasoningEffort", "low") in ("low", "medium", "high"), "The model returned the following errors: Malformed input request: maxReasoningEffort")
            return config.get("type") == "enabled"
        thinking = fields.get("thinking", {})
        if thinking.get("type", "disabled") == "disabled":
            return False
        budget, config = thinking.get("budget_tokens", 0), self.body.get("inferenceConfig", {})
        demand(thinking["type"] == "enabled" and budget >= 1024, "The model returned the following errors: thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
        demand(config.get("maxTokens", 4096) > budget, "The model returned the following errors: `max_tokens` must be greater than `thinking.budget_tokens`.")
        demand(config.get("temperature", 1) == 1, "The model returned the following errors: `temperature` may only be set to 1 when thinking is enabled.")
        return True

    def system(self):
        parts = []
        for at, block in enumerate(self.body.get("system", [])):
            if one_of(block, ("text", "guardContent", "cachePoint"), f"system.{at}") == "text":
                demand(block["text"].strip(), f"The text field in the ContentBlock object at system.{at} is blank. Add text to the text field, and try again.")
                parts.append(block["text"])
        return [Turn("system", parts)] if parts else []

    def messages(self):
        messages = self.body.get("messages")
        demand(isinstance(messages, list) and messages, "A conversation must have at least one message.")
        demand(messages[0]["role"] == "user", "A conversation must start with a user message. Try again with a conversation that starts with a user message.")
        turns = []
        for at, message in enumerate(messages):
            demand(message.get("role") in ("user", "assistant"), f"1 validation error detected: Value '{message.get('role')}' at 'messages.{at + 1}.member.role' failed to satisfy constraint: Member must "
                   "satisfy enum value set: [user, assistant]")
            demand(at == 0 or self.family == "other" or message["role"] != messages[at - 1]["role"], "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and "
                   "assistant roles and try again.")
            turns.append(self.turn(message, at))
        demand(not self.waiting, f"Expected toolResult blocks at messages.{len(messages)}.content for the following Ids: {', '.join(self.waiting)}")
        return turns

    def turn(self, message, at):
        content = message.get("content")
        demand(isinstance(content, list) and content, f"The content field in the Message object at messages.{at} is empty. Add a ContentBlock object to the content field and try again.")
        results = [block["toolResult"]["toolUseId"] for block in content if "toolResult" in block]
        missing, extra = set(self.waiting) - set(results), set(results) - set(self.waiting)
        demand(not missing, f"Expected toolResult blocks at messages.{at}.content for the following Ids: {', '.join(sorted(missing))}")
        demand(not extra and len(set(results)) == len(results), f"The number of toolResult blocks at messages.{at}.content exceeds the number of toolUse blocks of previous turn.")
        parts = [self.block(block, f"messages.{at}.content.{number}") for number, block in enumerate(content)]
        self.thinking_first(message, parts, at)
        return Turn(message["role"], [part for part in parts if part is not None])

    def thinking_first(self, message, parts, at):
        last = at == max((number for number, each in enumerate(self.body["messages"]) if each["role"] == "assistant"), default=-1)
        if self.family == "claude" and last and message["role"] == "assistant" and self.thinking() and any(isinstance(part, Call) for part in parts):
            demand("reasoningContent" in message["content"][0], f"The model returned the following errors: messages.{at}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.")

    def block(self, block, place):
        kind = one_of(block, BLOCKS, place)
        value = block[kind]
        if kind == "text":
            demand(value.strip(), f"The text field in the ContentBlock object at {place} is blank. Add text to the text field, and try again.")
            return value
        if kind == "image":
            return self.image(value, place)
        if kind == "toolUse":
            return self.tool_use(value, place)
        if kind == "toolResult":
            return Result(self.waiting.pop(value["toolUseId"]), self.result(value, place))
        if kind == "reasoningContent":
            self.thought(value, place)
        return None

    def image(self, value, place):
        demand(value.get("format") in ("png", "jpeg", "gif", "webp"), f"1 validation error detected: Value '{value.get('format')}' at '{place}.image.format' failed to satisfy constraint: Member must satisfy "
               "enum value set: [jpeg, png, gif, webp]")
        demand(one_of(value["source"], ("bytes", "s3Location"), f"{place}.image.source") == "bytes", "only bytes are read here")
        try:
            data = base64.b64decode(value["source"]["bytes"], validate=True)
        except binascii.Error:
            raise Refusal("invalid", f"The value at {place}.image.source.bytes is no base64.") from None
        demand(picture.media_type(data) == "image/" + value["format"], "The model returned the following errors: Could not process image")
        return Picture(data)

    def tool_use(self, value, place):
        demand(set(value) <= {"toolUseId", "name", "input", "type"}, f"Unexpected field at {place}.toolUse")
        demand(ID.fullmatch(value["toolUseId"]), f"1 validation error detected: Value at '{place}.toolUse.toolUseId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+")
        demand(NAME.fullmatch(value["name"]), f"1 validation error detected: Value at '{place}.toolUse.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+")
        demand(isinstance(value["input"], dict), f"The format of the value at {place}.toolUse.input is invalid. Provide a json object for the field and try again.")
        call = Call(value["toolUseId"], value["name"], value["input"])
        self.waiting[call.id] = call
        return call

    @staticmethod
    def result(value, place):
        texts = []
        for at, block in enumerate(value["content"]):
            kind = one_of(block, ("text", "json", "image", "document", "video", "searchResult"), f"{place}.toolResult.content.{at}")
            if kind == "json":
                demand(isinstance(block["json"], dict), f"The format of the value at {place}.toolResult.content.{at}.json is invalid. Provide a json object for the field and try again.")
            if kind in ("text", "json"):
                texts.append(block["text"] if kind == "text" else json.dumps(block["json"]))
        return "".join(texts)

    def thought(self, value, place):
        kind = one_of(value, ("reasoningText", "redactedContent"), f"{place}.reasoningContent")
        if kind == "reasoningText" and self.family == "claude":
            demand(self.seal.signed(value[kind]["text"], value[kind].get("signature")), f"The model returned the following errors: {place}: Invalid `signature` in `thinking` block")

    def tools(self):
        config, found = self.body.get("toolConfig"), {}
        if config is None:
            return {}
        demand(config.get("tools"), "The value at toolConfig.tools is empty. Add at least one tool.")
        for at, tool in enumerate(config["tools"]):
            if one_of(tool, ("toolSpec", "cachePoint", "systemTool"), f"toolConfig.tools.{at}") != "toolSpec":
                continue
            spec = tool["toolSpec"]
            demand(NAME.fullmatch(spec["name"]), f"1 validation error detected: Value at 'toolConfig.tools.{at + 1}.member.toolSpec.name' failed to satisfy constraint")
            demand(spec.get("description", "x"), f"1 validation error detected: Value at 'toolConfig.tools.{at + 1}.member.toolSpec.description' failed to satisfy constraint: Member must have length greater than or equal to 1")
            schema = spec["inputSchema"]["json"]
            demand(isinstance(schema, dict) and schema.get("type") == "object", f"The value at toolConfig.tools.{at}.toolSpec.inputSchema.json.type must be one of the following: object.")
            found[spec["name"]] = schema
        return found

    def tool_choice(self, tools):
        choice = self.body.get("toolConfig", {}).get("toolChoice")
        if choice is None:
            return "auto"
        kind = one_of(choice, ("auto", "any", "tool"), "toolConfig.toolChoice")
        demand(kind == "auto" or not self.thinking(), "The model returned the following errors: Thinking may not be enabled when tool_choice forces tool use.")
        demand(kind != "tool" or choice["tool"]["name"] in tools, f"The value at toolConfig.toolChoice.tool.name names no tool.")
        return {"auto": "auto", "any": "required"}.get(kind) or choice["tool"]["name"]

    def schema(self):
        demand("outputConfig" not in self.body or self.model.schema, "This model doesn't support the outputConfig.textFormat field. Remove outputConfig.textFormat and try again.")
        structure = self.body.get("outputConfig", {}).get("textFormat", {}).get("structure")
        return json.loads(structure["jsonSchema"]["schema"]) if structure else None
