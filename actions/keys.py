"""Keys that client systems sign in with: how one is written, made and recognised."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from models import Credential
from models.ids import new_id
from policies.scopes import whole

PREFIX = "bd_"
KEY = re.compile(PREFIX + r"([0-9A-HJKMNP-TV-Z]{26})_([A-Za-z0-9_-]{43})")
NOBODY = hashlib.sha256(b"").hexdigest()
"""Stands for the hash of a key that does not exist, so that looking takes as long."""


@dataclass(frozen=True, slots=True)
class Key:
    """`id` is its credential's; `secret` holds 256 random bits, as base64url."""

    id: str
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        """As the client sends it: ``bd_<id>_<secret>``, 73 characters."""
        return f"{PREFIX}{self.id}_{self.secret}"

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()


def new_key() -> Key:
    return Key(new_id(), secrets.token_urlsafe(32))


async def find_by_key(text: str, now: datetime) -> Credential | None:
    """The live credential of an account that is not disabled, with its member; in one query."""
    match = KEY.fullmatch(text)
    if match is None:
        return None
    key = Key(match[1], match[2])
    credential = await whole(Credential).get_or_none(id=key.id).select_related("member")
    known = hmac.compare_digest(key.hash, credential.hash if credential else NOBODY)
    return credential if credential and known and is_usable(credential, now) else None


def is_usable(credential: Credential, now: datetime) -> bool:
    """The member must be loaded beside it."""
    member = credential.member
    return is_live(credential, now) and member.disabled_at is None and member.service_since is not None


def is_live(credential: Credential, now: datetime) -> bool:
    """A revoked one is dead whatever the clock says."""
    return credential.revoked_at is None and now < credential.until
