# SPDX-License-Identifier: GPL-3.0-or-later
"""What the model behind a fake provider is told, and what it answers, whatever format it came in."""

from dataclasses import dataclass, field


class Refusal(Exception):
    """The provider does not take the request. `kind` is one of KINDS; each format words and numbers it in its own way."""

    KINDS = ("invalid", "model", "context", "key", "limit", "path")

    def __init__(self, kind, message, *, param=None, code=None):
        assert kind in self.KINDS
        super().__init__(message)
        self.kind, self.message, self.param, self.code = kind, message, param, code


def demand(condition, message, **more):
    if not condition:
        raise Refusal("invalid", message, **more)


@dataclass
class Picture:
    data: bytes


@dataclass
class Call:
    id: str
    name: str
    arguments: dict


@dataclass
class Result:
    """What a tool gave; `call` is the one that it answers."""

    call: Call
    text: str


@dataclass
class Turn:
    role: str  # system, user, assistant
    parts: list  # of str, Picture, Call, Result


def merged(turns):
    """Turns of one role in a row are one: results of several tools too."""
    out = []
    for turn in turns:
        if out and out[-1].role == turn.role:
            out[-1].parts.extend(turn.parts)
        else:
            out.append(Turn(turn.role, list(turn.parts)))
    return out


@dataclass
class Conversation:
    turns: list
    tools: list = field(default_factory=list)  # names
    tool_choice: str = "auto"  # auto, none, required, or a tool's name
    tool_schemas: dict = field(default_factory=dict)
    schema: dict = None  # the answer's
    json: bool = False  # any JSON object
    thinks: bool = False
    max_tokens: int = None

    def texts(self, role=None):
        return [part for turn in self.turns if role in (None, turn.role) for part in turn.parts if isinstance(part, str)]


@dataclass
class Reply:
    text: str = ""
    thinking: str = ""
    calls: list = field(default_factory=list)  # of Call
    cut: bool = False  # by max_tokens
    prompt_tokens: int = 0
    answer_tokens: int = 0  # without thinking
    thinking_tokens: int = 0


def pieces(text, size=7):
    """A text as a stream carries it."""
    return [text[at : at + size] for at in range(0, len(text), size)]
