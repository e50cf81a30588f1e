"""Random rules, as text: any role, level, overlay, relation, condition and effect, leaning towards what can matter."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import NamedTuple

from tortoise.models import Model

from models import Grant, Summons, Task
from policies.conditions import ATTRIBUTES
from policies.relations import CONDITION_COLUMNS
from policies.scopes import TYPES
from policies.vocabulary import AREA_LEVELS, LEVELS, RELATIONS, ROLES

ACTION = "read"
EFFECTS = ["allow", "deny"]
OFFSETS = [timedelta(days=days) for days in (0, 0, 0, -1, 1, -1.5, 0.5)]
"""From the world's "now"; grants begin and end at whole days from it."""

STRANGE = ["TOWN", "village", "nobody", "x" * 27]
ABROAD = ["44.", "51.", "44.4406.440606.44060610.", "44.4406.440606.4406061.", "440606.", "9."]
"""Overlays that hold nowhere, or only look as if they held."""


class Place(NamedTuple):
    """Where a member of the world may hold a role, at whatever time."""

    role: str
    level: str
    path: str


class Words(NamedTuple):
    """What the rules of a world can speak of: places by member, paths of areas, ids of units.

    `fitting` are the relations that some row of a model can have; others are tried less often.
    """

    held: dict[str, list[Place]]
    paths: list[str]
    units: list[str]
    fitting: dict[type[Model], list[str]]


class Asked(NamedTuple):
    """Who asks, and when by the world's clock; None is the anonymous."""

    member: str | None
    offset: timedelta


class Case(NamedTuple):
    """A policy, and who asks by it which rows of the model they may read."""

    text: str
    model: type[Model]
    asked: list[Asked]


class RandomPolicy:
    """Every choice comes from `random`, so whoever holds that can have the same policy again, or a simpler one."""

    def __init__(self, random: Random, words: Words) -> None:
        self.random, self.words = random, words
        self.model, members = random.choice([*TYPES, Grant, Summons, Task]), [*words.held, None, None]
        self.asked = [Asked(random.choice(members), random.choice(OFFSETS)) for _ in range(2)]
        self.places = [place for one in self.asked for place in words.held.get(one.member or "", [])]
        self.roles = [place.role for place in self.places if place.role in ROLES]

    def likely(self, share: float) -> bool:
        return self.random.random() < share

    def case(self) -> Case:
        wide = [self.wide_row()] if self.likely(0.65) else []
        narrow = [self.row() for _ in range(self.random.choice([1, 1, 2, 3, 4, 5]))]
        named = [row.split(", ")[1] for row in narrow]
        heirs = [self.heir(named) for _ in range(self.random.randint(0, 3))]
        return Case("\n".join(dict.fromkeys([*wide, *narrow, *heirs])), self.model, self.asked)

    def wide_row(self) -> str:
        """Opens much, for others to close."""
        relation = self.random.choice(["any", "any", "any", "member_of_evaluated_unit"])
        role = self.random.choice(["anyone", "member"])
        return ", ".join(("p", role, "*", TYPES[self.model], ACTION, relation, self.condition(), "allow"))

    def row(self) -> str:
        role, at = self.random.choice([self.of_theirs, self.of_theirs, self.of_everybody, self.of_anybody])()
        type = self.random.choice(sorted(TYPES.values())) if self.likely(0.1) else TYPES[self.model]
        action = "edit" if self.likely(0.05) else ACTION
        relation, effect = self.relation(), self.random.choice(EFFECTS)
        return ", ".join(("p", role, at, type, action, relation, self.condition(), effect))

    def relation(self) -> str:
        return self.random.choice(self.words.fitting[self.model] if self.likely(0.8) else sorted(RELATIONS))

    def of_everybody(self) -> tuple[str, str]:
        return self.random.choice(["anyone", "member"]), "*" if self.likely(0.9) else self.held_at([])

    def of_theirs(self) -> tuple[str, str]:
        """A role where one of them holds it; mostly."""
        known = [place for place in self.places if place.role in ROLES]
        if not known:
            return self.of_anybody()
        place = self.random.choice(known)
        return place.role, self.held_at([place.level] if self.likely(0.8) else [])

    def of_anybody(self) -> tuple[str, str]:
        return self.random.choice([*self.roles, *sorted(ROLES)]), self.held_at([])

    def heir(self, named: Sequence[str]) -> str:
        """Mostly one of theirs inherits a role that some row names."""
        roles = sorted(ROLES)
        heirs, elders = (roles, roles) if self.likely(0.2) else (self.roles or roles, named)
        return f"g, {self.random.choice(heirs)}, {self.random.choice(elders)}"

    def held_at(self, levels: Sequence[str]) -> str:
        """``*``, ``town|village`` or ``village@44.4406.``, with these levels and others."""
        some = [*levels, *self.random.choices(LEVELS, k=self.random.randint(0 if levels else 1, 2))]
        self.random.shuffle(some)
        at = "*" if self.likely(0.4) else "|".join(dict.fromkeys(some)).lower()
        return f"{at}@{self.random.choice(self.overlays())}" if self.likely(0.25) else at

    def overlays(self) -> Sequence[str]:
        paths = self.words.paths
        around = [path for place in self.places for path in paths if place.path.startswith(path)]
        return [*around * 2, *paths, *ABROAD]

    def condition(self, depth: int = 0) -> str:
        """As often as not True; else as deep as three brackets."""
        if not depth and self.likely(0.5):
            return "True"
        match self.random.choice(["leaf", "leaf", "not", "and", "or"]) if depth < 3 else "leaf":
            case "not":
                return f"!({self.condition(depth + 1)})"
            case "and":
                return f"({self.condition(depth + 1)}) && {self.leaf()}"
            case "or":
                return f"{self.leaf()} || {self.condition(depth + 1)}"
        return f"!{self.leaf()}" if self.likely(0.1) else self.leaf()

    def leaf(self) -> str:
        """A comparison, or seldom a constant."""
        known = sorted(CONDITION_COLUMNS.get(self.model, {}))
        name = self.random.choice(known if known and self.likely(0.8) else sorted(ATTRIBUTES))
        attribute, sign = f"r.obj.{name}", self.random.choice(["==", "!="])
        if self.likely(0.1):
            return str(self.likely(0.5))
        if ATTRIBUTES[name] is bool:
            return f"{attribute} {sign} {self.random.choice([True, False])}"
        if self.likely(0.3):
            return f"{attribute} {sign} r.sub.id"
        if self.likely(0.4):
            return f"{attribute} {sign} {self.constant(name)}"
        some = ", ".join(self.constant(name) for _ in range(self.random.randint(1, 3)))
        return f"{attribute} {self.random.choice(['in', 'not in'])} ({some})"

    def constant(self, name: str) -> str:
        fitting = {"area_level": AREA_LEVELS, "unit_id": self.words.units}.get(name, list(self.words.held))
        return f"'{self.random.choice(fitting if self.likely(0.9) else STRANGE)}'"
