"""What all random walks have in common: everybody acts, time passes, and what was taken of a table is counted."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import ClassVar, Self

from walk_stories import Row, moment
from world import World

from actions.given import Given
from actions.take_step import take_step
from models import Grant, Refusal, SlaClock, clock

Kind = tuple[str, str, str]
"""Machine, action, and the state it starts from: what names a row of a table."""


@dataclass(frozen=True)
class Holder:
    """A role that somebody holds at an area (`path`) or in a unit."""

    login: str
    member_id: str
    role: str
    path: str
    unit_id: str | None


class Way(ABC):
    """`taken` counts the rows of the table, `refused` the reason codes; `pos` is that of the last event seen."""

    IN_FORCE: ClassVar[Mapping[Kind, Mapping[str, str]]]

    def __init__(self, seed: str, moving: clock.Moving, world: World) -> None:
        self.rng, self.moving, self.world = Random(seed), moving, world
        self.taken, self.tried = Counter[Kind](), Counter[Kind]()
        self.refused = Counter[str]()
        self.pos = 0

    async def begin(self) -> Self:
        logins = {member.id: login for login, member in self.world.members.items()}
        self.holders = [
            Holder(logins[one.member_id], one.member_id, one.role, one.path, one.unit_id)
            for one in await Grant.all().order_by("id")
        ]
        self.actors = {login: await self.world.actor(login) for login in self.world.members}
        return self

    @property
    def steps(self) -> int:
        return self.taken.total()

    @property
    def missing(self) -> list[Kind]:
        """Rows in force that were not taken."""
        return [kind for kind in self.IN_FORCE if not self.taken[kind]]

    async def go_on(self) -> Refusal | None:
        """One turn. The refusal, if that was the answer."""
        try:
            await self.turn()
        except Refusal as refusal:
            self.refused[refusal.reason_code] += 1
            return refusal
        return None

    @abstractmethod
    async def turn(self) -> None:
        """Something is done, or time passes."""

    async def step(
        self, login: str, machine: str, actions: tuple[str, ...], id: object, given: Given
    ) -> None:
        """As the API takes it; with a key, twice."""
        done = await take_step(self.actors[login], machine, actions, str(id), given)
        if given.key:
            again = await take_step(self.actors[login], machine, actions, str(id), given)
            assert again == replace(done, again=True), "a key gives the first answer again"

    def anybody(self, able: list[str]) -> str:
        """Somebody who usually may; now and then anybody."""
        return self.rng.choice(able if able and self.rng.random() < 0.97 else list(self.actors))

    async def let_time_pass(self, new: Sequence[Row]) -> None:
        """To one of these limits; or to the next limit; or some hours; or, rarely, a month."""
        chance, now = self.rng.random(), clock.now()
        if new and chance < 0.5:
            self.moving.move_to(max(now, moment(self.rng.choice(new)["next_at"])))
        elif chance < 0.7:
            due = await SlaClock.filter(next_at__not_isnull=True).order_by("next_at").first()
            self.moving.move_to(max(now, due.next_at) if due and due.next_at else now)
        else:
            hours = 8 if chance < 0.9 else 96 if chance < 0.998 else 31 * 24
            self.moving.advance(timedelta(hours=self.rng.random() * hours))

    def count(self, event: Row, machine: str) -> None:
        self.pos = int(str(event["pos"]))
        self.taken[machine, str(event["action"]), str(event["from_state"] or "NONE")] += 1
