"""Writes the parts of the pages in docs/ that follow from the rules, settings and figures: ``python docs/write.py``."""

import re
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from baodao.metrics import REGISTRY  # noqa: E402
from baodao.scrape import figures  # noqa: E402, F401  (registers what the processes tell)
from docs.settings import told_settings  # noqa: E402
from policies.explain import sentence  # noqa: E402
from policies.reading.comparison import MatrixCell, matrix  # noqa: E402
from policies.reading.invariants import bans  # noqa: E402
from policies.rules import packaged  # noqa: E402
from policies.vocabulary import ANY_LEVEL, RELATIONS, ROLES, TYPES  # noqa: E402

Cells = list[MatrixCell]


def written(text: str, page: str = "permissions.md") -> str:
    """The page with each part between its markers as it should be."""
    for name, wording in PAGES[page].items():
        part = wording()
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


def _settings() -> str:
    lines = ["| variable | what it is | default |", "|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| `{one.name}` | {one.words} | {one.default} |" for one in told_settings())]
    )


PAGES: dict[str, dict[str, Callable[[], str]]] = {
    "permissions.md": {"bans": _bans, "roles": _roles, "relations": _relations, "matrix": _matrix},
    "operating.md": {"settings": _settings},
    "observability.md": {"figures": _figures},
}

if __name__ == "__main__":
    for name in PAGES:
        page = ROOT / "docs" / name
        page.write_text(written(page.read_text("utf-8"), name), "utf-8")
