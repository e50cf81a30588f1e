"""What came of mutations, and every no, for whoever counts them; nobody does unless they ask to be told."""

from collections.abc import Callable

MUTATIONS: list[Callable[[str, str], None]] = []
"""Told the mutation's name in the schema, and `done`, `refused` or `failed`."""
REFUSALS: list[Callable[[str, str], None]] = []
"""Told the code as clients see it, and the reason code, "" where there is none."""


def mutation_ended(name: str, outcome: str) -> None:
    for tell in MUTATIONS:
        tell(name, outcome)


def refused(code: str, reason_code: str) -> None:
    for tell in REFUSALS:
        tell(code, reason_code)
