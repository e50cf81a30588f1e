"""Statements as text that people read and compare: without values, a line for each clause, columns by name."""

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from tortoise import Tortoise

WIDTH = 108
NAME = r'(?:"\w+"\.)?"\w+"(?: "\w+")?'
NAMES = rf"{NAME}(?:, {NAME})+"
SHOWN = re.compile(rf'(?<=SELECT )({NAMES})(?= FROM "(\w+)")')
ENTERED = re.compile(rf'INSERT INTO "(\w+)" \(({NAMES})\) VALUES (\([?, ]+\)(?:, \([?, ]+\))*)')
CHANGED = re.compile(r'(?<= SET )("\w+" = \?(?:, "\w+" = \?)+)')
CLAUSES = re.compile(
    r"(?<=[ (])(?=(?:SELECT|FROM|WHERE|LEFT JOIN|LEFT OUTER JOIN|INNER JOIN|(?<!LEFT )(?<!OUTER )(?<!INNER )JOIN"
    r"|GROUP BY|ORDER BY|LIMIT|UNION|VALUES|RETURNING|SET|INSERT|(?<!FOR )UPDATE|AND|OR|ON CONFLICT|FOR UPDATE"
    r"|w\d+ AS)\b)"
)


def laid_out(statement: str) -> str:
    """`*` stands for every column of a table, or every one that is not numbered by the database; others are sorted.

    Their order is a matter of chance: Tortoise keeps the columns of a model in a set.
    """
    text = re.sub(r"\$\d+", "?", " ".join(statement.split()))
    text = re.sub(r",(?=\S)", ", ", text)
    text = SHOWN.sub(lambda found: _by_name(found[1], found[2]), text)
    text = ENTERED.sub(_entered, text)
    text = CHANGED.sub(lambda found: _by_name(found[1]), text)
    return "\n".join(_wrapped(_clauses(text)))


def _by_name(columns: str, table: str = "") -> str:
    told = sorted(columns.split(", "))
    return "*" if told in _columns_of(table) else ", ".join(told)


def _entered(found: re.Match[str]) -> str:
    """Of the values only for how many rows they are."""
    rows = found[3].count("(")
    told = f'INSERT INTO "{found[1]}" ({_by_name(found[2], found[1])}) VALUES {rows} row'
    return told if rows == 1 else f"{told}s"


def _columns_of(table: str) -> list[list[str]]:
    """All of them, and those that the database does not number itself."""
    for model in Tortoise.apps["models"].values():
        if model._meta.db_table == table:
            columns = sorted(f'"{one}"' for one in model._meta.fields_db_projection.values())
            numbered = {f'"{one}"' for one in model._meta.generated_db_fields}
            return [columns, [one for one in columns if one not in numbered]]
    return []


def _clauses(text: str) -> Iterable[tuple[int, str]]:
    """Each with the number of brackets it stands in."""
    depth = 0
    for clause in CLAUSES.split(text):
        yield depth, clause.strip()
        depth += clause.count("(") - clause.count(")")


def _wrapped(clauses: Iterable[tuple[int, str]]) -> Iterator[str]:
    for depth, clause in clauses:
        first, later = "  " * depth, "  " * depth + "    "
        yield from wrap(clause, WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False)
