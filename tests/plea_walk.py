"""A random walk through residents' requests and work orders; their summonses are played to their end beside it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import ClassVar

from plea_walk_helper import help_along
from plea_walk_inputs import PleaInputs
from plea_walk_steering import (
    CHOICES,
    IN_FORCE,
    has_due,
    is_under_way,
    may,
    new_timers,
    weight,
    window_is_open,
)
from plea_walk_stories import TOLD, Plea, machine_of, payload_of, plea_of
from tortoise.transactions import in_transaction
from walk_stories import Row, query
from walk_way import Kind, Way
from world import World, build

from actions.given import Given
from actions.requests import create_request
from actions.tick import tick
from models import ListItem, ListKind, Pairing, Post, PostKind, Rank, Refusal, RequestCategory, clock

AT_ONCE = 14
"""Requests under way at the same time."""
TIANHU, GRID, SHAPU = "440606106004", "440606106004001", "440606106201"
VILLAGES = {TIANHU: "tianhu", SHAPU: "shapu"}
AREAS = [TIANHU, TIANHU, GRID, GRID, SHAPU]
PEOPLE = [
    ("tianhu.neighbour", "resident", TIANHU),
    ("tianhu.child", "resident", GRID),
    ("tianhu.chief", "building_chief", GRID),
    ("tianhu.worker", "grid_worker", GRID),
    ("tianhu.leader", "grid_leader", TIANHU),
    ("tianhu.volunteer", "registered_party_member", TIANHU),
    ("tianhu.committee", "part_time_committee_member", TIANHU),
    ("shapu.resident", "resident", SHAPU),
    ("shapu.worker", "grid_worker", SHAPU),
    ("shapu.leader", "grid_leader", SHAPU),
    ("shapu.cadre", "village_cadre", SHAPU),
]
TAKERS = ["tianhu.worker", "tianhu.volunteer", "tianhu.committee", "tianhu.worker", "shapu.worker"]
ONLY_REPORT = {"tianhu.resident", "tianhu.neighbour", "tianhu.child", "tianhu.chief", "shapu.resident"}


async def prepare() -> World:
    """The small world with more people of two villages, a category of requests, and two who offer it as a service."""
    world = await build()
    for login, role, area in PEOPLE:
        await world.enter(login, area)
        await world.hold(login, role, area=area)
    since = clock.now()
    worker = world.members["tianhu.worker"].id
    await Post.create(
        member_id=worker, title="worker", rank=Rank.SECTION, since=since, kind=PostKind.GRID_WORKER
    )
    here = {"area_id": TIANHU, "path": world.areas[TIANHU].path}
    light = await RequestCategory.create(**here, name="light", needs_evidence=True, created_at=since)
    world.categories["light"] = light
    unit = world.units["zr"].id
    await Pairing.create(**here, unit_id=unit, since=since)
    for by in ({"unit_id": unit}, {"member_id": world.members["tianhu.volunteer"].id}):
        await ListItem.create(
            **here, **by, kind=ListKind.SERVICE, title="t", category_id=light.id, created_at=since
        )
    return world


class PleaWalk(Way):
    """`pleas` are the requests under way or in time to be reopened; `named` are events that tell who only reports.

    (Of whoever entered a request for others, it may be told.)
    """

    IN_FORCE: ClassVar[Mapping[Kind, Mapping[str, str]]] = IN_FORCE

    def __init__(self, seed: str, moving: clock.Moving, world: World) -> None:
        super().__init__(seed, moving, world)
        self.inputs = PleaInputs(self.rng, world, world.categories["light"].id, TAKERS)
        self.pleas: dict[str, Plea] = {}
        self.in_vain: dict[tuple[object, Kind], int] = {}
        self.rung: list[str] = []
        self.request_of: dict[str, str] = {}
        self.only_report = {world.members[login].id for login in ONLY_REPORT}
        self.named: list[Row] = []

    async def turn(self) -> None:
        """Something is reported, something is done, a summons goes on, or time passes."""
        chance, busy = self.rng.random(), sum(map(is_under_way, self.pleas.values()))
        waiting = [plea for plea in self.pleas.values() if plea.state == "SUMMONED"]
        if not busy or (busy < AT_ONCE and chance < 0.15):
            await self._report()
        elif chance < 0.25:
            await self._let_time_pass()
        elif waiting and chance < 0.42:
            plea = self.rng.choice(waiting)
            await help_along(self, plea.request["summons_id"], VILLAGES[self._village(plea)])
        else:
            await self._act()

    async def news(self) -> list[tuple[Plea | None, Plea, list[Row]]]:
        """The requests touched by this turn: as they were, as they are, and what happened in between (or nothing)."""
        told = defaultdict[str, list[Row]](list, {id: [] for id in self.rung})
        self.rung = []
        async with in_transaction():
            for event in await query(f"SELECT {TOLD} FROM event WHERE pos > ? ORDER BY pos", self.pos):
                await self._sort(event, told)
            before = self.pleas
            after = {id: await plea_of(id, news, known=before.get(id)) for id, news in told.items()}
        self.pleas = {id: plea for id, plea in (before | after).items() if _goes_on(plea)}
        return [(before.get(id), plea, told[id]) for id, plea in after.items()]

    async def _sort(self, event: Row, told: dict[str, list[Row]]) -> None:
        shown = event["action"] != "create" and not payload_of(event).get("byReporter")
        if event["actor_id"] in self.only_report and shown:
            self.named.append(event)
        if event["aggregate"] not in ("Request", "WorkOrder"):
            self.pos = int(str(event["pos"]))
            return
        self.count(event, machine_of(event))
        id = str(event["aggregate_id"])
        if event["aggregate"] == "WorkOrder" and id not in self.request_of:
            [order] = await query("SELECT request_id FROM work_order WHERE id = ?", id)
            self.request_of[id] = str(order["request_id"])
        told[self.request_of.get(id, id)].append(event)

    async def _report(self) -> None:
        area = self.rng.choice(AREAS)
        roles, path = IN_FORCE["request", "create", "NONE"]["roles"].split("|"), self.world.areas[area].path
        able = [one.login for one in self.holders if one.role in roles and path.startswith(one.path)]
        await create_request(self.actors[self.anybody(able)], self.inputs.reported(area))

    async def _let_time_pass(self) -> None:
        """Perhaps to a limit whose timer takes a new row."""
        await self.let_time_pass(
            [limit for plea in self.pleas.values() for limit in new_timers(plea, self.taken)]
        )
        self.rung = [id for id, plea in self.pleas.items() if has_due(plea)]
        await tick()

    async def _act(self) -> None:
        choices = [choice for plea in self._few() for choice in self._choices(plea)]
        if not choices:
            return
        around = {plea.state for plea in self.pleas.values()}
        weights = [weight(*choice, around, self.taken, self.tried) for choice in choices]
        [(plea, one, kind)] = self.rng.choices(choices, weights)
        self.tried[kind] += 1
        able = [holder.login for holder in self.holders if may(holder, IN_FORCE[kind], plea, one)]
        try:
            await self.step(self.anybody(able), kind[0], (kind[1],), one["id"], self._given(kind, plea))
        except Refusal:
            self.in_vain[one["id"], kind] = plea.pos
            raise

    def _few(self) -> list[Plea]:
        """Sooner those that are under way."""
        sides: dict[bool, list[Plea]] = {True: [], False: []}
        for plea in self.pleas.values():
            sides[is_under_way(plea)].append(plea)
        return [plea for side, most in ((True, 4), (False, 2)) for plea in self._some_of(sides[side], most)]

    def _some_of(self, pleas: list[Plea], most: int) -> list[Plea]:
        return self.rng.sample(pleas, min(most, len(pleas)))

    def _choices(self, plea: Plea) -> list[tuple[Plea, Row, Kind]]:
        """What was not yet refused since something last happened here."""
        return [
            (plea, one, kind)
            for machine, one in plea.things
            for kind in CHOICES[machine, str(one["state"])]
            if self.in_vain.get((one["id"], kind)) != plea.pos
        ]

    def _given(self, kind: Kind, plea: Plea) -> Given:
        """Now and then about requests of anywhere."""
        here, others = self._village(plea), [one for one in self.pleas.values() if one is not plea]
        near = [one for one in others if self._village(one) == here]
        return self.inputs.given(kind, plea, near if self.rng.random() < 0.95 else others, self.taken)

    def _village(self, plea: Plea) -> str:
        return next(code for code in VILLAGES if code in str(plea.request["path"]).split("."))


def _goes_on(plea: Plea) -> bool:
    return is_under_way(plea) or window_is_open(plea)
