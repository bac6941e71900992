# SPDX-License-Identifier: GPL-3.0-or-later
"""What every SDK asks, and what must come back; other words at each run, so that no answer can be known beforehand.

The models of tests/support/native/brain.py answer by what they were told.
"""

import base64
import random
import string

from native import picture, sites, vectors

from gateway_setup import ABILITIES, CALLER_KEY

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "height": {"type": "number"},
        "member": {"type": "boolean"},
        "role": {"type": "string", "enum": ["admin", "guest"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "address": {"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": ["string", "null"]}}, "required": ["city", "zip"], "additionalProperties": False},
    },
    "required": ["name", "age", "height", "member", "role", "tags", "address"],
    "additionalProperties": False,
}


def _word(size=6):
    return "".join(random.choices(string.ascii_lowercase, k=size))


def _site(site):
    able = {ability: site.first(attribute) is not None for ability, attribute in ABILITIES.items()}
    return {"name": site.name, "able": able, "hides_thought": site.kind in ("openai", "azure"), "serves_any_model": site.name == "llamacpp", "texts_at_once": 1 if site.kind == "bedrock" else 100, "limits": site.kind not in ("vllm", "lmstudio", "llamacpp")}


def make(url):
    name, word = _word().capitalize(), f"{_word()} \u00fc\u4e16\u754c \u2028\"{_word()}\\"
    keys = [_word() for _ in range(3)]
    degrees = dict(zip(("Paris", "Tokyo", "Oslo"), random.sample(range(-20, 45), 3)))
    colour, width, height = f"{random.randrange(1 << 24):06x}", random.randint(2, 9), random.randint(2, 9)
    age = random.randint(20, 80)
    value = random.randint(1000, 9999)
    facts = f"name: {name} L\u00f6ve; age: {age}; height: 1.68; member: true; role: guest; tags: red, blue; city: London; zip: none"
    texts = [_word(9), "Gr\u00fc\u00dfe " + _word()]
    return {
        "url": url,
        "key": CALLER_KEY,
        "sites": [_site(site) for site in sites.SITES],
        "text": {"system": "Begin every answer with Captain", "first": f"My name is {name}.", "noted": "Noted.", "ask": f'Say my name and "{word}" backwards.', "expected": f"Captain, {name}: {word[::-1]}"},
        "chain": {"ask": f"Follow the chain from {keys[0]}, please.", "results": {keys[0]: {"next": keys[1]}, keys[1]: {"next": keys[2]}, keys[2]: {"value": value}}, "keys": keys,
                  "expected": f"The chain ends with {value}."},
        "weather": {"ask": "What is the weather in Paris, Tokyo and Oslo?", "degrees": degrees, "expected": "; ".join(sorted(f"{city} {warmth}" for city, warmth in degrees.items()))},
        "picture": {"png": base64.b64encode(picture.make(width, height, colour)).decode(), "ask": "What is it?", "expected": f"{width}x{height} #{colour}"},
        "person": {"ask": f"Take down this person. {facts}", "schema": PERSON,
                   "expected": {"name": f"{name} L\u00f6ve", "age": age, "height": 1.68, "member": True, "role": "guest", "tags": ["red", "blue"], "address": {"city": "London", "zip": None}}},
        "thought": f"They said {f'My name is {name}.'!r}",
        "long": "long words " * (sites.CONTEXT * 4 // 10),
        "embeddings": {"texts": texts, "vectors": [vectors.of(text) for text in texts]},
    }
