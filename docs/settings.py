"""The settings as docs/operating.md tells them, read off baodao/settings.py: the comments beside the fields."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from baodao import settings

COMMENT = re.compile(r"#\s*([A-Z][A-Z_]+)[,;:]?\s*(.*)")


class Told(NamedTuple):
    """`default`: as somebody would write it."""

    name: str
    words: str
    default: str


def told_settings() -> Iterator[Told]:
    """In the order of the fields. Raises ValueError for a field without the name of its variable."""
    text, defaults = Path(settings.__file__).read_text("utf-8"), settings.read_settings({})
    for field, lines in _fields(text):
        found = COMMENT.search(lines)
        if found is None:
            raise ValueError(f"no variable is named beside {field}")
        yield Told(found[1], found[2].strip().replace("|", "or"), _default(getattr(defaults, field)))


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Names and lines, from the field to before the next; the formatter may have broken one into several."""
    [kind] = [
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and node.name == settings.Settings.__name__
    ]
    lines = text.splitlines()
    for node in kind.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _default(value: object) -> str:
    match value:
        case None | ():
            return "–"
        case bool():
            return "`on`" if value else "`off`"
        case tuple():
            return f"`{', '.join(map(str, value))}`"
        case timedelta():
            return f"{value.days} days" if value.days else f"{value.seconds} s"
        case _:
            return f"`{value}`".replace(str(Path.home()), "~") if str(value) else "–"
