# SPDX-License-Identifier: GPL-3.0-or-later
"""What providers sign or encrypt, and want back untouched."""

import base64
import hashlib
import hmac
import os

SALT = 6  # bytes
URL_SAFE = str.maketrans("-_", "+/")  # base64 in either alphabet, for those who take both


class Seal:
    """Of one provider: another one's does not fit."""

    def __init__(self, name):
        self.secret = f"seal of {name}".encode()

    def _mac(self, salt, text):
        return hmac.new(self.secret, salt + text.encode(), hashlib.sha256).digest()

    def of(self, text):
        """Another one at each call, as a provider's is for each of its answers."""
        salt = os.urandom(SALT)
        return base64.b64encode(salt + self._mac(salt, text)).decode()

    def signed(self, text, signature):
        try:
            data = base64.b64decode(signature or "", validate=True)
        except ValueError:
            return False
        return hmac.compare_digest(data[SALT:], self._mac(data[:SALT], text))

    def closed(self, text):
        """A text that only this provider opens."""
        return base64.b64encode(self.of(text).encode() + b"." + text.encode()).decode()

    def opened(self, sealed):
        """None: it is not this provider's, or was changed."""
        try:
            signature, _, text = base64.b64decode(sealed.translate(URL_SAFE)).decode().partition(".")
        except ValueError:
            return None
        return text if self.signed(text, signature) else None


class Trusting(Seal):
    """Takes whatever others signed: for their recordings."""

    def signed(self, text, signature):
        return True

    def opened(self, sealed):
        return sealed
