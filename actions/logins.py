"""Logins: what is wrong with one, as a reason code."""

import re

from actions.texts import name_fault

LONGEST_LOGIN = 64
LOGIN = re.compile(r"[\w.@+-]+", re.UNICODE)


def login_fault(text: str) -> str | None:
    """Letters of any script, digits and . @ + - _ without blanks."""
    fault = name_fault(text, LONGEST_LOGIN)
    return fault or (None if LOGIN.fullmatch(text) else "LOGIN_MALFORMED")
