"""Writes the parts of the pages that follow from the code: ``python docs/write.py``.

Of docs/permissions.md what the packaged rules say, of docs/observability.md what figures there are.
"""

import re
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from baodao.metrics import REGISTRY  # noqa: E402
from baodao.scrape import figures  # noqa: E402, F401  (registers what the processes tell)
from policies.explain import sentence  # noqa: E402
from policies.reading.comparison import MatrixCell, matrix  # noqa: E402
from policies.reading.invariants import bans  # noqa: E402
from policies.rules import packaged  # noqa: E402
from policies.vocabulary import ANY_LEVEL, RELATIONS, ROLES, TYPES  # noqa: E402

PAGE = ROOT / "docs" / "permissions.md"
FIGURES_PAGE = ROOT / "docs" / "observability.md"

Cells = list[MatrixCell]


def written(text: str) -> str:
    """The page about permissions as it should be."""
    parts = {"bans": _bans(), "roles": _roles(), "relations": _relations(), "matrix": _matrix()}
    return _with_parts(text, parts)


def figures_written(text: str) -> str:
    """The page about the figures as it should be."""
    return _with_parts(text, {"figures": _figures()})


def _with_parts(text: str, parts: dict[str, str]) -> str:
    """Each between its markers."""
    for name, part in parts.items():
        begin, end = f"<!-- {name}: written by make docs -->", f"<!-- end of {name} -->"
        assert text.count(begin) == text.count(end) == 1, f"no place for {name}"
        text = re.sub(f"{begin}.*?{end}", lambda _: f"{begin}\n{part}\n{end}", text, flags=re.DOTALL)  # noqa: B023
    return text


def _figures() -> str:
    lines = ["| figure | kind | labels | |", "|---|---|---|---|"]
    for collector in REGISTRY._collector_to_names:
        for family in collector.collect():
            known = getattr(collector, "_labelnames", None)
            labels = known if known is not None else {name for one in family.samples for name in one.labels}
            name = f"{family.name}_total" if family.type == "counter" else family.name
            lines.append(f"| `{name}` | {family.type} | {', '.join(labels)} | {family.documentation} |")
    return "\n".join(lines)


def _bans() -> str:
    return "\n".join(f"- {sentence(ban)} {sentence(ban, 'zh')}" for ban in bans())


def _roles() -> str:
    lines = ["| role | | held at | includes |", "|---|---|---|---|"]
    for role in ROLES.values():
        levels = ", ".join(role.held_at).lower() or "by everybody, nobody grants it"
        also = ", ".join(sorted(packaged().inherited[role.name] - {role.name}))
        lines.append(f"| `{role.name}` | {role.en} {role.zh} | {levels} | {also} |")
    return "\n".join(lines)


def _relations() -> str:
    lines = ["| relation | the object is one … | |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{name}` | {en} | {zh} |" for name, (en, zh) in RELATIONS.items())])


def _matrix() -> str:
    cells = matrix(packaged())
    return "\n\n".join(_role(name, list(some)) for name, some in groupby(cells, key=lambda cell: cell.role))


def _role(name: str, cells: Cells) -> str:
    """One table for all levels at which the role may do the same."""
    tables: dict[str, list[str]] = {}
    for level, some in groupby(cells, key=lambda cell: cell.level):
        tables.setdefault(_types(list(some)), []).append(level.lower())
    role = ROLES[name]
    parts = [f"### {name} · {role.en} · {role.zh}"]
    for table, levels in tables.items():
        held = "" if levels == [ANY_LEVEL] else f"Held at: {', '.join(levels)}.\n\n"
        parts.append(f"{held}{table}")
    return "\n\n".join(parts)


def _types(cells: Cells) -> str:
    lines = ["| type | actions, by relation |", "|---|---|"]
    for type, some in groupby(cells, key=lambda cell: cell.type):
        by_effect: dict[str, list[str]] = {}
        for cell in some:
            by_effect.setdefault(cell.effect, []).append(cell.action)
        told = "<br>".join(f"{', '.join(actions)}: {_plain(effect)}" for effect, actions in by_effect.items())
        lines.append(f"| {type} {TYPES[type][1]} | {told} |")
    return "\n".join(lines)


def _plain(effect: str) -> str:
    """``allow issuer; deny any`` as ``issuer; **never** any``."""
    return effect.replace("allow ", "").replace("deny ", "**never** ").replace("||", "or")


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    FIGURES_PAGE.write_text(figures_written(FIGURES_PAGE.read_text("utf-8")), "utf-8")
