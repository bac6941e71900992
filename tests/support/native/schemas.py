# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON schemas: filled with what a prompt says, and held against the rules of providers."""

import re


def facts_of(text):
    """"name: Ada; age: 36" as a dictionary of texts."""
    return {name: value.strip() for name, value in re.findall(r"(\w+): ([^;\n]+)", text)}


def _resolved(schema, root):
    while isinstance(schema, dict) and "$ref" in schema:
        node = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            node = node[step]
        schema = node
    return schema


def _type_of(schema):
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one.lower() != "null"), "null")
    return (kind or ("object" if "properties" in schema else "string")).lower()


def _nullable(schema):
    kinds = schema.get("type")
    return bool(schema.get("nullable")) or (isinstance(kinds, list) and "null" in kinds) or any(option.get("type") == "null" for option in schema.get("anyOf", ()))


def fill(schema, facts, name=None, root=None):
    """A value that meets the schema, made of the facts; what they do not tell is empty, 0, false or null."""
    root = schema if root is None else root
    schema = _resolved(schema, root)
    fact = facts.get(name, "")
    if _nullable(schema) and fact in ("", "none"):
        return None
    for option in schema.get("anyOf", schema.get("oneOf", ())):
        option = _resolved(option, root)
        if str(option.get("type")).lower() != "null":
            return fill(option, facts, name, root)
    for part in schema.get("allOf", ()):
        return fill(part, facts, name, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return fact if fact in schema["enum"] else schema["enum"][0]
    kind = _type_of(schema)
    if kind == "object":
        return {key: fill(part, facts, key, root) for key, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [fill(schema.get("items", {}), {name: item}, name, root) for item in fact.split(", ")] if fact else []
    if kind == "integer":
        return int(fact or 0)
    if kind == "number":
        return float(fact or 0)
    if kind == "boolean":
        return fact == "true"
    return fact


def plain_names(schema):
    """Of the properties that must be there and are no objects."""
    properties = schema.get("properties", {})
    return {name for name in schema.get("required", ()) if _type_of(properties.get(name, {})) != "object"}


def walk(schema, path=()):
    """Every schema within one, with its path; definitions too."""
    if not isinstance(schema, dict):
        return
    yield schema, path
    for key in ("properties", "$defs", "definitions"):
        for name, part in (schema.get(key) or {}).items():
            yield from walk(part, (*path, key, name))
    for key in ("items", "additionalProperties", "not"):
        yield from walk(schema.get(key), (*path, key))
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for index, part in enumerate(schema.get(key) or ()):
            yield from walk(part, (*path, key, str(index)))


def strict_problem(schema):
    """Why OpenAI does not take a schema as strict; None: it does."""
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return "schema must be a JSON Schema of 'type: \"object\"'"
    for part, path in walk(schema):
        context = f"In context={path}, "
        if "properties" in part or part.get("type") == "object":
            if part.get("additionalProperties") is not False:
                return context + "'additionalProperties' is required to be supplied and to be false."
            missing = set(part.get("properties", {})) - set(part.get("required", ()))
            if missing:
                return context + f"'required' is required to be supplied and to be an array including every key in properties. Missing '{sorted(missing)[0]}'."
        for word in ("oneOf", "allOf", "not", "patternProperties", "if", "dependentRequired"):
            if word in part:
                return context + f"'{word}' is not permitted."
    return None


ANTHROPIC_UNKNOWN = {"integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "string": ("minLength", "maxLength"), "array": ("maxItems", "uniqueItems")}


def anthropic_problem(schema):
    """Why Anthropic's structured output does not take a schema; None: it does."""
    for part, _ in walk(schema):
        kind = _type_of(part) if "type" in part else None
        if (kind == "object" or "properties" in part) and part.get("additionalProperties") is not False:
            return "For 'object' type, 'additionalProperties' must be explicitly set to false"
        for word in ANTHROPIC_UNKNOWN.get("integer" if kind == "number" else kind, ()):
            if word in part:
                return f"For '{kind}' type, property '{word}' is not supported"
        for word in ("oneOf", "not", "patternProperties", "if"):
            if word in part:
                return f"Schema keyword '{word}' is not supported"
    return None


GEMINI_WORDS = {"type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties", "maxProperties", "minLength",
                "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum"}


def gemini_problem(schema, place):
    """Why Gemini's own Schema does not take it; None: it does."""
    for part, path in walk(schema):
        for word in part:
            if word not in GEMINI_WORDS:
                return f"Invalid JSON payload received. Unknown name \"{word}\" at '{place}{''.join('.' + step for step in path)}': Cannot find field."
        if isinstance(part.get("type"), list):
            return f"Invalid JSON payload received. Unknown name \"type\" at '{place}': Proto field is not repeating, cannot start list."
    return None
