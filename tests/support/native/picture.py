# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at a picture: reads a PNG of eight bits RGB, as picture_maker writes them."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def media_type(data):
    """What the bytes are; None: no picture."""
    for beginning, name in ((SIGNATURE, "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp")):
        if data.startswith(beginning):
            return name
    return None


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def make(width, height, colour):
    """One colour, "rrggbb"."""
    row = b"\0" + bytes.fromhex(colour) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(row * height)) + _chunk(b"IEND", b"")


def describe(data):
    """"3x2 #a01040": size and colour of the last pixel. ValueError: no such picture, or a damaged one."""
    if not data.startswith(SIGNATURE):
        raise ValueError("no PNG")
    at, pixels, size = len(SIGNATURE), b"", None
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] != zlib.crc32(name + body):
            raise ValueError("a chunk's checksum is wrong")
        if name == b"IHDR":
            size = struct.unpack(">II", body[:8])
        elif name == b"IDAT":
            pixels += body
        at += 12 + length
    raw = zlib.decompress(pixels)
    if size is None or len(raw) != (1 + 3 * size[0]) * size[1]:
        raise ValueError("pixels are missing")
    return f"{size[0]}x{size[1]} #{raw[-3:].hex()}"
