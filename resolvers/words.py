"""Reason codes in the caller's language, and texts that callers search with."""

from actions.characters import character_fault
from models import InvalidInput
from models.reasons import REASONS

LANGUAGES = ("en", "zh")
ENGLISH = LANGUAGES[0]
LONGEST_SEARCH = 200


def words(reason_code: str, language: str) -> str:
    """The words of a reason code; English when there are none in the language, the code itself when it has none."""
    said = dict(zip(LANGUAGES, REASONS.get(reason_code, (reason_code, reason_code)), strict=True))
    return said.get(language, said[ENGLISH])


def searched(text: str, *path: str) -> str:
    """A text to search for. InvalidInput TOO_LONG (200 characters), NUL_CHARACTER or BROKEN_CHARACTER."""
    if len(text) > LONGEST_SEARCH:
        raise InvalidInput("TOO_LONG", *path)
    if fault := character_fault(text):
        raise InvalidInput(fault, *path)
    return text
