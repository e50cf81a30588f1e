"""Links to the files of exports: who has one needs no other proof, so it cannot be guessed and soon expires."""

import base64
import re
import secrets
from datetime import timedelta
from hmac import compare_digest, digest

TOKEN = re.compile(r"([0-9A-Z]{26})_([0-9A-Za-z_-]{43})")


class Links:
    """Tokens follow from the ids of exports and the service's secret, so none is stored: the database has no link.

    `lasting`: how long a file is kept, and so its link good.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self.lasting = timedelta(days=1)

    def use(self, secret: str) -> None:
        """That of the service, alike on every host."""
        self._key = digest(secret.encode(), b"links to exports", "sha256")

    def token(self, export_id: str) -> str:
        return f"{export_id}_{self._seal(export_id)}"

    def export_id(self, token: str) -> str | None:
        """None for a token that was not made here."""
        match = TOKEN.fullmatch(token)
        return match[1] if match and compare_digest(match[2], self._seal(match[1])) else None

    def _seal(self, export_id: str) -> str:
        sealed = digest(self._key, export_id.encode(), "sha256")
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


LINKS = Links()
