# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cells came to: what is not as it should be, and the page that tells the rest."""

import json
import re
from pathlib import Path

from native import sites

from gateway_setup import ABILITIES

SDK_FOLDER = Path(__file__).resolve().parents[1]
CELLS = {"text": "text", "stream": "stream", "tools": "tool loop", "parallel": "parallel tools", "moved": "moved", "vision": "vision", "schema": "schema", "reasoning": "reasoning", "errors": "errors", "embeddings": "embeddings",
         "count": "count tokens"}
NEEDS = {"vision": "vision", "tools": "tools", "parallel": "tools", "moved": "tools", "reasoning": "reasoning", "embeddings": "embeddings"}
FORMATS = {"OpenAI Chat": "`/v1/chat/completions`, `/v1/embeddings`", "OpenAI Responses": "`/v1/responses`", "Anthropic Messages": "`/v1/messages`, `/v1/messages/count_tokens`",
           "Gemini generateContent": "`/v1beta/models/{model}:generateContent`, `:streamGenerateContent`, `:countTokens`"}
WHY = {"vision": "has no model that sees", "tools": "has no model that calls tools", "reasoning": "tells no thoughts apart from the answer", "embeddings": "makes no embeddings"}

HEAD = """# Which program reaches which provider

<!-- Made by tests/sdk/matrix/run_matrix.py --write from what the tests showed: not to be edited. -->

Real SDKs called a real `signalboxd`, with a provider of each kind behind it that speaks its native format and is as strict as the original
(`tests/support/native`). A program names a route and keeps its SDK; Signalbox translates, or passes bytes through where both sides speak one format.

✓ works · – the provider cannot, and the caller is told · ≈ estimated by Signalbox, marked `x-signalbox-estimated` · a number: see below the table

What is tried: **text** with instructions and a history of several turns, every kind of character; **stream** with its usage; **tool loop** of three turns, whole and streamed, each call made of the last
result; **parallel tools**: three calls at once, answered in another order; **moved**: a tool loop whose first turn another provider answered, thinking; **vision**: size and colour of a picture;
**schema**: an answer as a typed object; **reasoning**: thoughts, whole and streamed, then a tool loop that sends them back (OpenAI's and Azure's chat count thoughts and do not tell them); **errors**: too long a prompt, a model that is not there, a credential that is refused,
an account over its limit, each as the SDK's own exception; **embeddings**, as base64, as numbers and shortened.
"""


THOUGHT_STAYS = "the SDK does not send `reasoning_content` back, which the provider wants in a tool loop: its refusal is raised"
# What one SDK alone cannot do: (SDK, format, site, cell).
EXCEPTIONS = {
    ("openai (Node)", "OpenAI Chat", "openrouter", "reasoning"): "of streamed `reasoning_details` the SDK keeps the last piece alone, and the provider refuses to have that back",
    ("ai, @ai-sdk/anthropic (Node)", "Anthropic Messages", "perplexity", "schema"): "the SDK asks for a schema by a tool that must be called: left out and told",
    **{(sdk, form, site, "reasoning"): THOUGHT_STAYS for sdk, form in (("langchain-openai (Python)", "OpenAI Chat"), ("ai, @ai-sdk/openai (Node)", "OpenAI Chat"),
                                                                       ("ai, @ai-sdk/anthropic (Node)", "Anthropic Messages")) for site in ("deepseek", "moonshot")},
}


def exception(result):
    return EXCEPTIONS.get((result["sdk"], result["format"], result["site"], result["cell"]))


def able(site, cell):
    return cell not in NEEDS or site.first(ABILITIES[NEEDS[cell]]) is not None


def is_told(result):
    """Whether a caller of a provider that cannot do it came to know."""
    return result["outcome"] == "refused" or bool(result["dropped"])


def problems(results):
    found = []
    for one in results:
        if exception(one) and one["outcome"] == "passed":
            found.append(f"{one['sdk']} | {one['format']} | {one['site']} | {one['cell']}: passed, and is an exception no longer")
        works = able(sites.site(one["site"]), one["cell"]) and not exception(one)
        if one["outcome"] != "passed" and (works or not is_told(one)):
            found.append(f"{one['sdk']} | {one['format']} | {one['site']} | {one['cell']}: {one['outcome']} {one['dropped']} {one['words']}")
    return found


def _versions():
    """Of the SDKs, as they are pinned, by language."""
    return {"Python": dict(re.findall(r"^([\w.-]+)==(\S+)$", (SDK_FOLDER / "requirements.txt").read_text(), re.MULTILINE)),
            "Node": json.loads((SDK_FOLDER / "package.json").read_text())["dependencies"]}


def _with_version(sdk, versions):
    """ "ai, @ai-sdk/openai (Node)" with the versions of both."""
    names, _, language = sdk.rstrip(")").partition(" (")
    return " with ".join(f"{name} {versions[language][name]}" for name in names.split(", ")) + f" ({language})"


def _left_out(site, results, reasons):
    """Names of what was left out, with the gateway's words for it where it has some."""
    told = []
    for name in sorted({name for one in results for name in one["dropped"]}):
        why = reasons.get(site.name, {}).get(name, [])
        told.append(f"`{name}`" + (f" ({'; '.join(sorted(why))})" if why else ""))
    return ", ".join(told)


def _cell(site, cell, results, reasons, note):
    """@param note  gives the number of a note"""
    if not able(site, cell):
        listed = _left_out(site, results, reasons)
        why = f"{site.title} {WHY[NEEDS[cell]]}"
        return f"–{note(why + (f': {listed} left out and told' if listed else ': refused'))}"
    notes = [f"{one['sdk']}: {exception(one)}" for one in results if exception(one)]
    results = [one for one in results if not exception(one)]
    dropped = _left_out(site, results, reasons)
    mark = "≈" if any(one.get("estimated") for one in results) else "✓"
    if dropped:
        notes.insert(0, f"left out and told: {dropped}")
    return mark + "".join(map(note, notes))


def _table(format_name, results, reasons):
    cells = [cell for cell in CELLS if any(one["cell"] == cell for one in results)]
    notes = []

    def note(text):
        if text not in notes:
            notes.append(text)
        return f"<sup>{notes.index(text) + 1}</sup>"

    sdks = list(dict.fromkeys(one["sdk"] for one in results))
    versions = _versions()
    lines = [f"## {format_name}", "", f"{FORMATS[format_name]}. Called by {', '.join(_with_version(sdk, versions) for sdk in sdks)}.", "",
             "| provider | " + " | ".join(CELLS[cell] for cell in cells) + " |", "|---" * (len(cells) + 1) + "|"]
    for site in sites.SITES:
        row = [_cell(site, cell, [one for one in results if (one["site"], one["cell"]) == (site.name, cell)], reasons, note) for cell in cells]
        lines.append(f"| {site.title} | " + " | ".join(row) + " |")
    lines.append("")
    lines += [f"{number}. {text}" for number, text in enumerate(notes, 1)]
    return "\n".join(lines) + "\n"


def text(results, reasons):
    """@param reasons  of losses.py"""
    ordered = sorted(results, key=lambda one: one["sdk"].lower())
    return HEAD + "".join("\n" + _table(name, [one for one in ordered if one["format"] == name], reasons) for name in FORMATS)
