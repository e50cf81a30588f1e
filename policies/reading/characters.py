"""Characters that do not belong into a text of rules: invisible ones, and those that look like another."""

import re
import unicodedata
from collections.abc import Iterator

ALIKE = dict(
    zip(
        "аАВсСԁеЕһНіІјЈКкМоОрРԛѕЅТуУԝхХΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορτυ‘’“”–—",
        "aABcCdeEhHiIjJKkMoOpPqsSTyYwxXABEZHIKMNOPTYXavoptu''''--",
        strict=True,
    )
)
"""Cyrillic and Greek letters and typographic signs, with what they are taken for."""

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They change the order in which a line is shown, so that it can be read as another."""

_SIGNS = {"\0": "NUL", "\t": "TAB"}
_QUOTED = re.compile(r"'[^']*'")
_NEVER_SHOWN = frozenset(("Cc", "Cs", "Zl", "Zp"))


def odd_characters(line: str, comment: bool) -> Iterator[tuple[int, str, str | None]]:
    """Offset, description and what was probably meant; a character repeated at once is told once."""
    if line.isascii() and line.isprintable():
        return
    quoted = set() if comment else _quoted(line)
    for offset, character in enumerate(line):
        repeated = offset > 0 and line[offset - 1] == character
        if not repeated and _is_odd(character, comment, offset in quoted):
            yield offset, _described(character), None if comment else _meant(character)


def _quoted(line: str) -> set[int]:
    return {offset for found in _QUOTED.finditer(line) for offset in range(*found.span())}


def _is_odd(character: str, comment: bool, quoted: bool) -> bool:
    if comment:
        return character != "\t" and (character in BIDI or unicodedata.category(character) in _NEVER_SHOWN)
    if character.isascii():
        return not character.isprintable()
    return not (quoted and unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH"))


def _described(character: str) -> str:
    name = _SIGNS.get(character) or unicodedata.name(character, "control character")
    return f"{name} (U+{ord(character):04X}) does not belong here"


def _meant(character: str) -> str | None:
    """The plain character that looks like it."""
    plain = ALIKE.get(character) or unicodedata.normalize("NFKC", character)
    return plain if plain != character and plain.isascii() and plain.isprintable() else None
