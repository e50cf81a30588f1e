"""What people give with their steps in a walk through requests: mostly what fits, now and then something wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from plea_walk_stories import Plea
from walk_way import Kind
from world import World

from actions.given import Given, Person
from models import Channel, MatterClass, Outcome, PostKind, Satisfaction, SummonsCategory, clock

CLASSES = [*[MatterClass.PUBLIC] * 4, *[MatterClass.COMMUNITY] * 3, MatterClass.FAMILY]
PHOTO = "https://photos.example/1.jpg"
JOINED = {"DRAFT", "PENDING_REVIEW", "ISSUED", "IN_PROGRESS"}
LASTING = {"DONE", "CLOSED", "REJECTED", "MERGED"}
SPOILED: list[dict[str, object]] = [
    {"text": "nul \x00", "reason": " ", "comment": None},
    {"text": "long" * 10_000, "reason": "long" * 1000, "note": "long" * 1000, "comment": "long" * 1000},
    {"into": "none", "member": "nobody", "unit": "nobody", "summons": "none", "area": "440606"},
    {"reporter_number": 99, "evidence": ("http://photos.example/1.jpg",), "category_id": "none"},
    {"reporter": Person("name", "no number"), "form": "{}", "units": ()},
    {"version": 10_000},
]


class PleaInputs:
    """`category`: whose orders need evidence, and a service that orders ask for; `takers`: who may take orders."""

    def __init__(self, rng: Random, world: World, category: str, takers: Sequence[str]) -> None:
        self.rng, self.world, self.category = rng, world, category
        self.takers = [world.members[login].id for login in takers]
        self.units = [unit.id for unit in world.units.values() if unit.summonable]

    def reported(self, area: str) -> Given:
        """By the caller, by somebody whom the caller tells, or by nobody."""
        chance = self.rng.random()
        person = Person(f"name {self.rng.randrange(50)}", f"0757-2299{self.rng.randrange(1000):04}")
        return self._perhaps_spoiled(
            Given(
                **self._words(),
                area=area,
                channel=self.rng.choice(list(Channel)),
                matter_class=self.rng.choice([None, *CLASSES]),
                reporter=person if chance < 0.25 else None,
                anonymous=chance > 0.9,
                key=self._key(),
            )
        )

    def given(self, kind: Kind, plea: Plea, others: Sequence[Plea], taken: Counter[Kind]) -> Given:
        """`others`: of the same village."""
        given = Given(
            **self._words(),
            key=self._key(),
            matter_class=self.rng.choice(CLASSES),
            category_id=self.category if self.rng.random() < 0.1 else None,
        )
        match kind[:2]:
            case "request", "answer":
                soon = clock.now() + timedelta(hours=200 * self.rng.random() + 1)
                given = replace(given, done_by=self.rng.choice([None, soon]))
            case "request", "dispatch" | "order":
                given = replace(given, **self._work())
            case "order", "assign":
                given = replace(given, **self._taker())
            case "request", "summon":
                given = replace(given, **self._summons(plea, others))
            case "request", "transfer":
                given = replace(given, unit=self.rng.choice(self.units))
            case "request", "merge":
                given = replace(given, into=self._into(others, taken))
            case _, "complete":
                given = replace(given, outcome=self.rng.choice(list(Outcome)), evidence=(PHOTO,))
            case "request", "feedback" | "inform":
                given = replace(given, **self._thought(plea, kind[1] == "inform"))
        return self._perhaps_spoiled(given)

    def _words(self) -> dict[str, str]:
        words = f"words {self.rng.randrange(1000)}"
        return dict.fromkeys(("note", "reason", "text", "comment", "place"), words)

    def _key(self) -> str | None:
        return f"key {self.rng.random()}" if self.rng.random() < 0.03 else None

    def _perhaps_spoiled(self, given: Given) -> Given:
        return replace(given, **self.rng.choice(SPOILED)) if self.rng.random() < 0.05 else given

    def _work(self) -> dict[str, object]:
        """For somebody, for whoever holds a post, or for whoever offers a service."""
        chance = self.rng.random()
        if chance < 0.15:
            return {"service": self.category}
        return self._taker() | {"post": PostKind.GRID_WORKER if chance < 0.25 else None}

    def _taker(self) -> dict[str, object]:
        chance = self.rng.random()
        if chance < 0.2:
            return {"unit": self.world.units["zr"].id}
        return {"member": self.rng.choice(self.takers) if chance < 0.75 else None}

    def _summons(self, plea: Plea, others: Sequence[Plea]) -> dict[str, object]:
        """One to join, or a new one."""
        known = Counter(str(one["id"]) for each in others for one in each.summons if one["state"] in JOINED)
        if known and not plea.summons and self.rng.random() < 0.8:
            return {"summons": self.rng.choice([known.most_common(1)[0][0], *known])}
        units = tuple(self.rng.sample(self.units, self.rng.choice([1, 1, 2])))
        return {"title": "title", "category": self.rng.choice(list(SummonsCategory)), "units": units}

    def _into(self, others: Sequence[Plea], taken: Counter[Kind]) -> str | None:
        """Sooner into one in a state from which none has taken any in."""
        live = [one for one in others if one.state not in LASTING] or others
        new = [one for one in live if not taken["request", "takeIn", one.state]]
        ids = [str(one.request["id"]) for one in new or live]
        return self.rng.choice(ids) if ids else None

    def _thought(self, plea: Plea, of_another: bool) -> dict[str, object]:
        often = Satisfaction.DISSATISFIED if plea.summons else Satisfaction.SATISFIED
        thought = self.rng.choice([*Satisfaction, *[often] * 4])
        if not of_another:
            return {"satisfaction": thought}
        silent = [nth for nth, one in enumerate(plea.reporter, 1) if one["member_id"] is None]
        number = self.rng.choice(silent or [1])
        return {"reporter_number": number, "satisfaction": self.rng.choice([None, thought, thought])}
