# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that give access tokens: Entra ID's and Google's. A token stands for the key of sites.py that its asker has."""

import base64
import hashlib
import json
import urllib.parse

from . import sites
from .http_server import json_answer

ENTRA_SCOPE = "https://cognitiveservices.azure.com/.default"
ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, 9.2: DigestInfo of SHA-256

_keys = {}  # of tokens that were given out
account_modulus = None  # of the service accounts' key; native_provider.py sets it


def key_of(token):
    """None: the token was not given out here."""
    return _keys.get(token)


def _give(key):
    token = f"ya29.native-{len(_keys)}"
    _keys[token] = key
    return json_answer(200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"})


def entra(request):
    form = dict(urllib.parse.parse_qsl(request.body.decode()))
    if form.get("grant_type") != "client_credentials" or form.get("scope") != ENTRA_SCOPE:
        return json_answer(400, {"error": "invalid_request", "error_description": "AADSTS90014: The required field is missing.", "error_codes": [90014]})
    if form.get("client_secret") not in (sites.KEY, sites.LIMITED_KEY):
        return json_answer(401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided.", "error_codes": [7000215]})
    return _give(form["client_secret"])


def _decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _is_signed(assertion):
    """RS256 (RFC 8017, 8.2.2) by the service accounts' key."""
    text, _, signature = assertion.rpartition(".")
    size = (account_modulus.bit_length() + 7) // 8
    plain = pow(int.from_bytes(_decoded(signature)), 65537, account_modulus).to_bytes(size)
    digest = SHA256_PREFIX + hashlib.sha256(text.encode()).digest()
    return plain == b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest


def google(request):
    """A service account's name stands for its key: "KEY@native.iam"."""
    form = dict(urllib.parse.parse_qsl(request.body.decode()))
    assertion = form.get("assertion", "")
    if form.get("grant_type") != ASSERTION or assertion.count(".") != 2:
        return json_answer(400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"})
    claims = json.loads(_decoded(assertion.split(".")[1]))
    key = claims["iss"].partition("@")[0]
    if not _is_signed(assertion) or key not in (sites.KEY, sites.LIMITED_KEY) or not claims["iat"] < claims["exp"] <= claims["iat"] + 3600:
        return json_answer(400, {"error": "invalid_grant", "error_description": "Invalid grant: account not found"})
    if claims["scope"] != "https://www.googleapis.com/auth/cloud-platform":
        return json_answer(400, {"error": "invalid_scope", "error_description": "Empty or missing scope not allowed."})
    return _give(key)
