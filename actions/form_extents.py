"""How large a JSON schema is once all that it refers to stands where it is referred to: what checking it costs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

MOST_PARTS, MOST_COSTLY, DEEPEST = 2_000, 20, 60


class TooLarge(ValueError):
    """Whatever it is to check would take too long, or never end."""


class Extent(NamedTuple):
    """`parts`: objects, lists and values, one in another, `depth` of them at most; `costly`: patterns, multiples."""

    parts: int = 1
    costly: int = 0
    depth: int = 1

    def holding(self, inner: "Extent") -> "Extent":
        depth = max(self.depth, inner.depth + 1)
        return Extent(self.parts + inner.parts, self.costly + inner.costly, depth)


def extent_of(schema: object) -> Extent:
    """Raises TooLarge, also where it refers to itself."""
    return _Measure(schema).of(schema, 0)


@dataclass(slots=True)
class _Measure:
    """Each part that is referred to is measured once, though it counts each time."""

    schema: object
    known: dict[str, Extent] = field(default_factory=dict)

    def of(self, part: object, depth: int) -> Extent:
        if depth > DEEPEST:
            raise TooLarge
        extent = Extent(costly=_costly(part))
        for inner in _within(part):
            extent = extent.holding(self.of(inner, depth + 1))
        if isinstance(part, dict) and isinstance(reference := part.get("$ref"), str):
            extent = extent.holding(self._referred(reference, depth + 1))
        if extent.parts > MOST_PARTS or extent.costly > MOST_COSTLY or extent.depth > DEEPEST:
            raise TooLarge
        return extent

    def _referred(self, reference: str, depth: int) -> Extent:
        if reference not in self.known:
            self.known[reference] = self.of(_found(self.schema, reference), depth)
        return self.known[reference]


def _within(part: object) -> Iterator[object]:
    match part:
        case dict():
            yield from part.values()
        case list():
            yield from part


def _costly(part: object) -> int:
    if not isinstance(part, dict):
        return 0
    named = part.get("patternProperties")
    single = isinstance(part.get("pattern"), str) + isinstance(part.get("multipleOf"), int | float)
    return single + (len(named) if isinstance(named, dict) else 0)


def _found(schema: object, reference: str) -> object:
    """What a pointer such as ``#/$defs/name`` leads to; None for one that leads nowhere."""
    for step in unquote(reference).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        match schema:
            case dict():
                schema = schema.get(name)
            case list() if name.isdecimal() and int(name) < len(schema):
                schema = schema[int(name)]
            case _:
                return None
    return schema
