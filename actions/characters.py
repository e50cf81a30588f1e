"""Characters that no database can store, wherever a caller may send text."""

import re

HALVES = re.compile("[\ud800-\udfff]")
"""Halves of a surrogate pair: JSON can hold one alone, UTF-8 cannot."""


def character_fault(text: str) -> str | None:
    """NUL_CHARACTER, BROKEN_CHARACTER, or None."""
    if "\x00" in text:
        return "NUL_CHARACTER"
    return "BROKEN_CHARACTER" if HALVES.search(text) else None
