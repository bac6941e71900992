# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS does with a request's signature, and how it frames a stream."""

import hashlib
import hmac
import json
import re
import struct
import urllib.parse
import zlib

AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([a-z0-9-]+)/bedrock/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})")


def access_key(request):
    """Of a signed request; None: there is no signature of the form."""
    found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    return found[1] if found else None


def _canonical_request(request, signed):
    path = urllib.parse.quote(request.path, safe="/-_.~")  # once more, as every service but S3 does
    query = "&".join(sorted(filter(None, request.target.partition("?")[2].split("&"))))
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed.split(";"))
    return "\n".join((request.method, path, query, headers, signed, hashlib.sha256(request.body).hexdigest()))


def is_signed(request, secret, region):
    """Whether the request bears a Signature V4 of that secret (wire.md, section 10)."""
    found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    moment = request.headers.get("x-amz-date", "")
    if not found or not moment.startswith(found[2]) or found[3] != region or "host" not in found[4].split(";"):
        return False
    key = b"AWS4" + secret.encode()
    for part in (found[2], region, "bedrock", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    canonical = hashlib.sha256(_canonical_request(request, found[4]).encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{moment}\n{found[2]}/{region}/bedrock/aws4_request\n{canonical}"
    return hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), found[5])


def frame(event, payload):
    """One message of an event stream."""
    headers = b""
    for name, value in ((":event-type", event), (":content-type", "application/json"), (":message-type", "event")):
        headers += struct.pack(">B", len(name)) + name.encode() + struct.pack(">BH", 7, len(value)) + value.encode()
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))
