"""Short texts such as names and phone numbers: what is wrong with them, as a reason code."""

import re
import unicodedata

from actions.characters import character_fault

LONGEST_PHONE = 32
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,}")
CONTROLS = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Control and format characters: they could make two names look the same."""


def name_fault(text: str, longest: int) -> str | None:
    """One line of visible characters, at most `longest`."""
    if fault := character_fault(text):
        return fault
    if not text.strip():
        return "EMPTY"
    if len(text) > longest:
        return "TOO_LONG"
    if not text.isprintable() and any(unicodedata.category(character) in CONTROLS for character in text):
        return "CONTROL_CHARACTER"
    return None


def phone_fault(text: str) -> str | None:
    """Five digits or more, with blanks, brackets and hyphens between them."""
    fault = name_fault(text, LONGEST_PHONE)
    return fault or (None if PHONE.fullmatch(text) else "PHONE_MALFORMED")
