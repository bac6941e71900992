#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints why a gateway left out what it did, from its call log: {"provider": {"what": ["why", ...]}}, as JSON.

losses.py CALLS_DB     with the SDKs' Python, which has zstandard; gateway/storage/loss_list.cpp tells the form
"""

import json
import sqlite3
import sys

import zstandard


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at


def texts(packed):
    data = zstandard.ZstdDecompressor().decompress(packed[1:]) if packed[0] else packed[1:]
    at = 0
    while at < len(data):
        size, at = varint(data, at)
        yield data[at : at + size].decode()
        at += size


def main(file):
    found = {}
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        for provider, packed in database.execute("SELECT names.name, extras.losses FROM extras JOIN calls ON calls.row = extras.row JOIN names ON names.id = calls.provider WHERE extras.losses IS NOT NULL"):
            words = iter(texts(packed))
            for what, why in zip(words, words):
                reasons = found.setdefault(provider, {}).setdefault(what, [])
                if why not in reasons:
                    reasons.append(why)
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
