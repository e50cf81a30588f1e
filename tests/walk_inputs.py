"""What people give with their steps in a random walk: mostly what fits, now and then something wrong."""

from collections.abc import Sequence
from csv import DictReader
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from graphql import InputObjectTypeDefinitionNode, parse
from world import CREW, World

from actions.given import Appointment, Given, Resolution
from models import DeclineReason, Outcome, SummonsCategory, Tier, clock

TIERS = [*Tier, Tier.NORMAL, Tier.EMERGENCY]
DIMENSIONS = ("RESPONSE", "ARRIVAL", "RESULT", "SATISFACTION")
SPOILED: list[dict[str, object]] = [
    {"note": "nul \x00", "reason": " ", "text": ""},
    {"note": None, "reason": None, "text": None, "title": ""},
    {"note": "long" * 1000, "reason": "long" * 1000, "text": "long" * 10_000},
    {"unit": None, "member": None, "days": None, "resume_at": None, "outcome": None, "resolution": None},
    {
        "unit": "nobody",
        "member": "nobody",
        "duty_item": "nothing",
        "tasks": ("none",),
        "duplicate_of": "none",
    },
    {"co_issuers": ("440606106", "nowhere"), "lead_unit": "nobody"},
    {"scores": (("RESPONSE", 101), ("RESPONSE", 20), ("BEAUTY", 0))},
    {"scores": tuple((dimension, 10) for dimension in DIMENSIONS), "comment": None},
    {"days": 31, "version": 10_000},
    {"village_code": "000000"},
]


def _offered() -> dict[str, set[str]]:
    document = parse((HERE.parent / "schema" / "schema.graphql").read_text(encoding="utf-8"))
    inputs = {
        node.name.value: {field.name.value for field in node.fields}
        for node in document.definitions
        if isinstance(node, InputObjectTypeDefinitionNode)
    }
    rows = DictReader((HERE / "spec" / "actions.csv").open(encoding="utf-8"))
    mutations = {row["workflow_action"]: row["mutation"] for row in rows}
    return {action: inputs[f"{name[0].upper()}{name[1:]}Input"] for action, name in mutations.items()}


HERE = Path(__file__).parent
OFFERED = _offered()
"""The names of what the API takes with a step. Words that it does not take nobody checks."""


class Inputs:
    """Everything at once that some step may ask for: each step reads what it needs and ignores the rest."""

    def __init__(self, rng: Random, world: World, villages: list[str]) -> None:
        self.rng, self.world, self.villages = rng, world, villages
        self.units = {unit.id: short for short, unit in world.units.items() if unit.summonable}

    def given(
        self, issuer: str, unit: object = None, live: Sequence[str] = (), evaluated: Sequence[str] = ()
    ) -> Given:
        """`unit`: whose task the step is about; `live`: units that have a live task; `evaluated`: tasks."""
        given = Given(
            **self._words(),
            **self._plan(issuer),
            **self._of_unit(unit),
            key=f"key {self.rng.random()}" if self.rng.random() < 0.03 else None,
            issuer=issuer,
            unit=self.rng.choice([id for id in self.units if id not in live] or list(self.units)),
            tasks=tuple(task for task in evaluated if self.rng.random() < 0.7),
            days=self.rng.randint(1, 5),
            resume_at=self._later(240),
            outcome=self.rng.choice([*Outcome, Outcome.RESOLVED]),
            scores=tuple((dimension, self.rng.randint(40, 100)) for dimension in DIMENSIONS),
        )
        return replace(given, **self.rng.choice(SPOILED)) if self.rng.random() < 0.05 else given

    def _words(self) -> dict[str, str]:
        words = f"words {self.rng.randrange(1000)}"
        return dict.fromkeys(("note", "reason", "title", "text", "comment"), words)

    def _plan(self, issuer: str) -> dict[str, object]:
        units = tuple(self.rng.sample(list(self.units), self.rng.choice([1, 2, 3, 3, 4])))
        others = [code for code in self.villages if code != issuer]
        return {
            "category": self.rng.choice(list(SummonsCategory)),
            "tier": self.rng.choice(TIERS),
            "units": units,
            "lead_unit": self.rng.choice([None, *units]),
            "co_issuers": tuple(self.rng.sample(others, self.rng.choice([0, 0, 1, 2]))),
            "appointment": self.rng.choice([None, self.appointment()]),
            "resolution": Resolution(clock.now() - timedelta(days=1), 5, "minutes"),
        }

    def appointment(self) -> Appointment:
        start = self._later(30)
        return Appointment(start, start + timedelta(hours=1), "village hall")

    def _later(self, hours: int) -> datetime:
        return clock.now() + timedelta(hours=hours * self.rng.random(), minutes=1)

    def _of_unit(self, unit: object) -> dict[str, object]:
        short = self.units[str(unit)] if unit else self.rng.choice(list(self.units.values()))
        role = self.rng.choice([suffix for suffix, _, _ in CREW] + ["head"])
        return {
            "member": self.world.members[f"{short}.{role}"].id,
            "duty_item": self.world.duties[short].id,
            "decline_reason": self.rng.choice(list(DeclineReason)),
        }
