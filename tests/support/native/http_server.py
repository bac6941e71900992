# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1.1 as far as a provider needs it: whole requests in, whole or chunked answers out, connections kept."""

import asyncio
import json
import socket
import traceback
import urllib.parse
from dataclasses import dataclass, field
from http import HTTPStatus

HEAD_LIMIT = 64 * 1024


@dataclass
class Request:
    method: str
    target: str  # as it came: path, still encoded, and query
    headers: dict  # names in lower case
    body: bytes

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        return dict(urllib.parse.parse_qsl(self.target.partition("?")[2], keep_blank_values=True))


@dataclass
class Answer:
    status: int
    body: bytes = b""
    chunks: list = None  # of bytes: sent in chunks, each cut in two, as networks do
    headers: dict = field(default_factory=dict)


def json_answer(status, value, **headers):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, text, headers={"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}})


async def _read(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ")
    headers = {}
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = b""
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding", "").lower() == "chunked":
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    return Request(method, target, headers, body)


def _head(answer):
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", *(f"{name}: {value}" for name, value in answer.headers.items())]
    lines.append("Transfer-Encoding: chunked" if answer.chunks is not None else f"Content-Length: {len(answer.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _write(writer, answer):
    if answer.chunks is None:
        writer.write(_head(answer) + answer.body)
        return await writer.drain()
    writer.write(_head(answer))
    for chunk in answer.chunks:
        middle = len(chunk) * 2 // 3
        for piece in filter(None, (chunk[:middle], chunk[middle:])):
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await asyncio.sleep(0)
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def listen(handle):
    """Serves on a loopback port of its own; returns the server and the port. `handle` makes an Answer of a Request."""

    async def serve(reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while True:
                request = await _read(reader)
                try:
                    answer = handle(request)
                except Exception:  # our own mistake: the test that sees it must be able to read what it was
                    answer = json_answer(500, {"error": {"message": f"the fake provider failed at {request.method} {request.target}: {traceback.format_exc()}"}})
                await _write(writer, answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=HEAD_LIMIT)
    return server, server.sockets[0].getsockname()[1]
