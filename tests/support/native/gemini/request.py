# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a request to Gemini's generateContent, and refuses what Google refuses, in its words."""

import base64
import binascii
import json
import re

from .. import picture, schemas
from ..conversation import Call, Conversation, Picture, Refusal, Result, Turn, demand
from ..seal import URL_SAFE

MEMBERS = {"model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent", "labels", "modelArmorConfig"}
CONFIG_MEMBERS = {"stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities", "candidateCount", "maxOutputTokens", "temperature", "topP", "topK", "seed",
                  "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "thinkingConfig", "mediaResolution", "speechConfig", "enableEnhancedCivicAnswers", "imageConfig"}
PART_MEMBERS = {"text", "inlineData", "fileData", "functionCall", "functionResponse", "thought", "thoughtSignature", "videoMetadata", "mediaResolution"}
DATA = ("text", "inlineData", "fileData", "functionCall", "functionResponse")
FUNCTION_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}")
SKIP_VALIDATOR = "skip_thought_signature_validator"  # what Google documents for calls that another model made


def known(members, names, place):
    for name in members:
        demand(name in names, f"Invalid JSON payload received. Unknown name \"{name}\"{f' at {chr(39)}{place}{chr(39)}' if place else ''}: Cannot find field.")


CALLERS_OWN = ("args", "response", "properties", "parametersJsonSchema", "responseJsonSchema", "labels", "$defs")  # whose members have names of the caller's


def camel(value):
    """JSON of protocol buffers takes names in either form; here they get the one that is read."""
    if isinstance(value, list):
        return [camel(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    named = {re.sub(r"_([a-z])", lambda found: found[1].upper(), name): inner for name, inner in value.items()}
    return {name: {key: camel(part) for key, part in inner.items()} if name == "properties" else inner if name in CALLERS_OWN else camel(inner) for name, inner in named.items()}


class Reader:
    def __init__(self, model, body, seal, roles_needed):
        """@param roles_needed  Vertex wants a role on every content; AI Studio takes the user for one without"""
        self.model, self.body, self.seal, self.roles_needed = model, camel(body), seal, roles_needed
        self.newer = "gemini-3" in model.name
        self.calls = []  # of the last step, that wait for answers

    def read(self):
        known(self.body, MEMBERS, "")
        self.config = self.body.get("generationConfig", {})
        known(self.config, CONFIG_MEMBERS, "generation_config")
        tools = self.tools()
        thinks = self.thinking()
        self.sampling()
        system = self.body.get("systemInstruction")
        turns = [Turn("system", [part["text"] for part in system["parts"]])] if system else []
        turns += self.contents()
        return Conversation(turns=turns, tools=list(tools), tool_schemas=tools, tool_choice=self.tool_choice(tools), schema=self.schema(bool(tools)), thinks=thinks,
                            json=self.config.get("responseMimeType") == "application/json", max_tokens=self.config.get("maxOutputTokens"))

    def thinking(self):
        config = self.config.get("thinkingConfig")
        if config is None:
            return False
        known(config, {"includeThoughts", "thinkingBudget", "thinkingLevel"}, "generation_config.thinking_config")
        demand(self.model.can_think, "Thinking is not enabled for this model")
        demand("thinkingBudget" not in config or "thinkingLevel" not in config, "You can only set only one of thinking budget and thinking level.")
        demand("thinkingLevel" not in config or self.newer, "Thinking level is not supported for this model.")
        demand(config.get("thinkingLevel", "low").lower() in ("minimal", "low", "medium", "high"), "Invalid value at 'generation_config.thinking_config.thinking_level'")
        return bool(config.get("includeThoughts")) and config.get("thinkingBudget", -1) != 0

    def sampling(self):
        demand(0 <= self.config.get("temperature", 1) <= 2, "Unable to submit request because it has a temperature value outside of the supported range from 0 (inclusive) to 2 (inclusive).")
        demand("frequencyPenalty" not in self.config and "presencePenalty" not in self.config, f"Penalty is not enabled for models/{self.model.name}")
        demand(len(self.config.get("stopSequences", ())) <= 5, "At most 5 stop sequences may be given.")

    def contents(self):
        contents = self.body.get("contents")
        demand(isinstance(contents, list) and contents, "* GenerateContentRequest.contents: contents is not specified\n")
        current = max((at for at, content in enumerate(contents) if content.get("role") != "model" and not any("functionResponse" in part for part in content.get("parts", ()))), default=0)
        turns = [self.content(content, at, at > current) for at, content in enumerate(contents)]
        demand(not self.calls or contents[-1].get("role") == "model", "Please ensure that function response turn comes immediately after a function call turn.")
        return turns

    def content(self, content, at, current):
        known(content, {"role", "parts"}, f"contents[{at}]")
        role = content.get("role")
        demand(role in ("user", "model") or (role is None and not self.roles_needed), "Please use a valid role: user, model.")
        parts = content.get("parts")
        demand(isinstance(parts, list) and parts, f"* GenerateContentRequest.contents[{at}].parts: contents.parts must not be empty.\n")
        asked = [part["functionCall"] for part in parts if "functionCall" in part]
        given = [part["functionResponse"] for part in parts if "functionResponse" in part]
        if role == "model":
            demand(at > 0 or not asked, "Please ensure that function call turn comes immediately after a user turn or after a function response turn.")
            demand(not self.calls, "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.")
            self.signatures(parts, at, current)
        else:
            demand(not asked, "Please ensure that function call turns have the role model.")
            demand(len(given) == len(self.calls), "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.")
        return Turn("assistant" if role == "model" else "user", [self.part(part, f"contents[{at}].parts[{number}]") for number, part in enumerate(parts)])

    def signatures(self, parts, at, current):
        """What came signed has to come back so; the first call of each step of the current turn must."""
        for number, part in enumerate(parts):
            signature = part.get("thoughtSignature")
            if signature and signature != SKIP_VALIDATOR:
                demand(self.seal.opened(signature) is not None, "Corrupted thought signature.")
        first = next((part for part in parts if "functionCall" in part), None)
        if self.newer and current and first is not None:
            demand(first.get("thoughtSignature"), f"Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may "
                   f"lead to degraded model performance. Additional data, function call `default_api:{first['functionCall']['name']}` , position {at + 1}.")

    def part(self, part, place):
        known(part, PART_MEMBERS, place)
        kinds = [name for name in DATA if name in part]
        demand(len(kinds) == 1, f"* GenerateContentRequest.{place}.data: required oneof field 'data' must have one initialized field\n")
        return {"text": lambda: part["text"], "inlineData": lambda: self.media(part["inlineData"], place), "functionCall": lambda: self.call(part["functionCall"], place),
                "functionResponse": lambda: self.response(part["functionResponse"], place)}[kinds[0]]()

    def media(self, data, place):
        known(data, {"mimeType", "data", "displayName"}, f"{place}.inline_data")
        try:
            found = base64.b64decode(data["data"].translate(URL_SAFE), validate=True)
        except binascii.Error:
            raise Refusal("invalid", f"Invalid value at '{place}.inline_data.data' (TYPE_BYTES), Base64 decoding failed") from None
        demand(data.get("mimeType", "").startswith("image/") and picture.media_type(found), "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting")
        demand(self.model.sees, "Image input modality is not enabled for this model")
        return Picture(found)

    def call(self, call, place):
        known(call, {"id", "name", "args"}, f"{place}.function_call")
        demand(FUNCTION_NAME.fullmatch(call["name"]), f"* GenerateContentRequest.{place}.function_call.name: Invalid function name.")
        demand(isinstance(call.get("args", {}), dict), f"Invalid value at '{place}.function_call.args' (type.googleapis.com/google.protobuf.Struct)")
        self.calls.append(Call(call.get("id"), call["name"], call.get("args", {})))
        return self.calls[-1]

    def response(self, response, place):
        known(response, {"id", "name", "response", "willContinue", "scheduling", "parts"}, f"{place}.function_response")
        demand(isinstance(response.get("response"), dict), f"Invalid value at '{place}.function_response.response' (type.googleapis.com/google.protobuf.Struct)")
        call = next((call for call in self.calls if call.name == response.get("name")), None)
        demand(call, f"* GenerateContentRequest.{place}.function_response.name: no function call of that name waits for a response.")
        self.calls.remove(call)
        value = response["response"]
        inner = value.get("result", value.get("output", value)) if len(value) == 1 else value
        return Result(call, inner if isinstance(inner, str) else json.dumps(inner))

    def tools(self):
        found = {}
        entries = self.body.get("tools", [])
        for at, entry in enumerate(entries):
            known(entry, {"functionDeclarations", "googleSearch", "codeExecution", "urlContext", "googleSearchRetrieval"}, f"tools[{at}]")
            for number, function in enumerate(entry.get("functionDeclarations", ())):
                place = f"tools[{at}].function_declarations[{number}]"
                known(function, {"name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior"}, place)
                demand(FUNCTION_NAME.fullmatch(function["name"]), f"* GenerateContentRequest.{place}.name: Invalid function name. Must start with a letter or an underscore.")
                demand("parameters" not in function or "parametersJsonSchema" not in function, f"* GenerateContentRequest.{place}: only one of parameters and parameters_json_schema may be set")
                problem = schemas.gemini_problem(function["parameters"], f"{place}.parameters") if "parameters" in function else None
                demand(problem is None, problem)
                found[function["name"]] = function.get("parameters", function.get("parametersJsonSchema", {"type": "object"}))
        demand(sum("functionDeclarations" in entry for entry in entries) <= 1, "At most one tool with function declarations is supported.")
        return found

    def tool_choice(self, tools):
        config = self.body.get("toolConfig", {}).get("functionCallingConfig")
        if config is None:
            return "auto"
        demand(tools, "Function calling config is set without function_declarations.")
        known(config, {"mode", "allowedFunctionNames"}, "tool_config.function_calling_config")
        mode, names = config.get("mode", "AUTO"), config.get("allowedFunctionNames", [])
        demand(mode in ("AUTO", "ANY", "NONE", "VALIDATED"), f"Invalid value at 'tool_config.function_calling_config.mode', \"{mode}\"")
        demand(not names or mode in ("ANY", "VALIDATED"), "Please set allowed_function_names only when function calling mode is ANY.")
        demand(set(names) <= set(tools), "Allowed function names must be declared.")
        return {"AUTO": "auto", "NONE": "none", "VALIDATED": "auto", "ANY": names[0] if len(names) == 1 else "required"}[mode]

    def schema(self, has_tools):
        schema, json_schema = self.config.get("responseSchema"), self.config.get("responseJsonSchema")
        if self.config.get("responseMimeType") != "application/json":
            demand(schema is None and json_schema is None, "Response schema is set, but response mime type is not application/json")
            return None
        demand(not has_tools or self.newer, "Function calling with a response mime type: 'application/json' is unsupported")
        demand(schema is None or json_schema is None, "Only one of response_schema and response_json_schema may be set.")
        problem = schemas.gemini_problem(schema, "generation_config.response_schema") if schema else None
        demand(problem is None, problem)
        return schema or json_schema
