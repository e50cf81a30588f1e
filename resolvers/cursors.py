"""Cursors: where in a list one stands. Opaque to clients; read back strictly."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest, digest
from typing import NewType

import orjson

from models import InvalidInput
from models.refusals import Refusal
from resolvers.ids import packed, unpacked

Cursor = NewType("Cursor", str)
Value = str | int | datetime


class CursorExpired(Refusal):
    """The cursor belongs to a log that is no longer the one in use, or to a place too far back in it."""

    reason_code = "CURSOR_EXPIRED"


def list_cursor(order: str, values: Sequence[Value]) -> Cursor:
    """`order` names the list's order, so that the cursor fits no other list."""
    written = [value.isoformat() if value.__class__ is datetime else str(value) for value in values]
    return Cursor(packed(orjson.dumps([order, *written])))


def read_list_cursor(cursor: str, order: str, kinds: list[type[Value]]) -> list[Value]:
    """The values again. InvalidInput CURSOR_MALFORMED, or CURSOR_FOREIGN for one of another order."""
    named, *written = _loaded(cursor)
    if named != order:
        raise InvalidInput("CURSOR_FOREIGN", "after")
    if len(written) != len(kinds):
        raise InvalidInput("CURSOR_MALFORMED", "after")
    return [_read(value, kind) for value, kind in zip(written, kinds, strict=True)]


def _loaded(cursor: str) -> list[object]:
    try:
        loaded = json.loads(unpacked(cursor[:LONGEST]) or b"")
    except ValueError:
        loaded = None
    if not isinstance(loaded, list) or not loaded:
        raise InvalidInput("CURSOR_MALFORMED", "after")
    return loaded


def _read(value: object, kind: type[Value]) -> Value:
    try:
        return READERS[kind](value)
    except (ValueError, OverflowError):
        raise InvalidInput("CURSOR_MALFORMED", "after") from None


def _read_text(value: object) -> str:
    if not isinstance(value, str) or "\x00" in value.encode().decode():
        raise ValueError
    return value


def _read_moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_read_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _read_number(value: object) -> int:
    text = _read_text(value)
    if not NUMBER.fullmatch(text):
        raise ValueError
    return int(text)


NUMBER = re.compile("[0-9]{1,18}")
READERS: dict[type[Value], Callable[[object], Value]] = {
    str: _read_text,
    int: _read_number,
    datetime: _read_moment,
}
LONGEST = 800  # no cursor of ours is longer; a longer one could nest too deeply for the reader


@dataclass(frozen=True, slots=True)
class LogCursors:
    """Cursors of the event log of one epoch. They do not tell positions, so gaps do not tell of hidden events."""

    epoch: str

    def cursor(self, pos: int) -> Cursor:
        raw = pos.to_bytes(SIZE, "big")
        seal = self._keyed(b"seal" + raw)
        return Cursor(packed(seal + _xor(raw, self._keyed(b"mask" + seal))))

    def pos(self, cursor: str) -> int:
        """InvalidInput CURSOR_MALFORMED; CursorExpired when another epoch made the cursor."""
        raw = unpacked(cursor)
        if raw is None or len(raw) != 2 * SIZE:
            raise InvalidInput("CURSOR_MALFORMED", "after")
        seal, masked = raw[:SIZE], raw[SIZE:]
        plain = _xor(masked, self._keyed(b"mask" + seal))
        if not compare_digest(seal, self._keyed(b"seal" + plain)):
            raise CursorExpired
        return int.from_bytes(plain, "big")

    def _keyed(self, message: bytes) -> bytes:
        return digest(self.epoch.encode(), message, sha256)[:SIZE]


SIZE = 8


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
