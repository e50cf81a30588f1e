"""A random walk through the workflow: everybody acts, time passes, timers ring; the seed alone decides how."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from tortoise.transactions import in_transaction
from walk_inputs import OFFERED, Inputs
from walk_steering import CHOICES, GATED, IN_FORCE, is_due, new_timers, weight
from walk_stories import TOLD, Row, Story, query, story_of
from walk_way import Holder, Kind, Way
from world import World, build

from actions.arrival_code import current_code
from actions.drafts import draft_summons
from actions.given import Given
from actions.record import recording
from actions.responsibility import give_up_tasks
from actions.score_locks import NewLock, lock_scores
from actions.tick import tick
from models import (
    AreaSettings,
    FollowUpGroup,
    FollowUpGroupMember,
    Grant,
    Outcome,
    Refusal,
    TaskScore,
    clock,
)

AT_ONCE = 12
"""Summonses that are neither closed nor over at the same time."""
VILLAGES = ["440606106004", "440606106201", "440606104217", GATED]
ISSUERS = [*VILLAGES, GATED, "440606106"]
OVER = {"CANCELLED", "ARCHIVED"}
ONE_MUTATION = [
    ("cosign", "cosignLast", "cosignLastGated"),
    ("evaluatePart", "evaluate"),
    ("cancel", "cancelWithConsent"),
]
"""As the API has them: the case decides which is meant."""


async def prepare() -> World:
    """The small world, and in it a gated village, a unit without a head, judges from units, groups everywhere."""
    world = await build()
    categories = ["LIVELIHOOD", "ECONOMY"]
    await AreaSettings.create(area_id="440606", followup_categories=categories, followup_share=0.2)
    await AreaSettings.create(area_id=GATED, require_town_gate=True)
    await Grant.filter(member_id=world.members["agri.head"].id).delete()
    await world.hold("zf.head", "village_secretary", area=VILLAGES[0])
    await world.hold("zr.liaison", "village_secretary", area=GATED)
    for code in VILLAGES[1:]:
        group = await FollowUpGroup.create(area_id=code, path=world.areas[code].path, name=code)
        delegate = world.members["tianhu.delegate"].id
        await FollowUpGroupMember.create(group=group, area_id=code, member_id=delegate)
        await world.hold("tianhu.delegate", "followup_member", area=code)
    return world


def may(holder: Holder, row: Mapping[str, str], story: Story, one: Row) -> bool:
    """Whether the specification names the role here, roughly; policies/ has the last word."""
    roles = row["roles"].split("|")
    if holder.unit_id:
        chosen = "responsible_member" in roles and holder.member_id == one.get("responsible_id")
        named = holder.role in roles and holder.role != "responsible_member"
        return chosen or (named and holder.unit_id == one.get("unit_id"))
    if holder.role not in roles:
        return False
    issuer, joined = str(story.summons["path"]), [joined["path"] for joined in story.co_issuer]
    if "subtree" in row["rel"] or "arbiter" in row["rel"]:
        return issuer.startswith(holder.path)
    places = {"co_issuer": joined, "issuer_or_coissuer": [issuer, *joined]}
    return holder.path in places.get(row["rel"], [issuer])


class Walk(Way):
    """`stories` are the summonses not yet over."""

    IN_FORCE: ClassVar[Mapping[Kind, Mapping[str, str]]] = IN_FORCE

    def __init__(self, seed: str, moving: clock.Moving, world: World) -> None:
        super().__init__(seed, moving, world)
        self.inputs = Inputs(self.rng, world, VILLAGES)
        self.stories: dict[str, Story] = {}
        self.in_vain: dict[tuple[object, Kind], int] = {}
        self.rung: list[str] = []

    async def turn(self) -> None:
        """Something is drafted, something is done, or time passes."""
        chance, busy = self.rng.random(), sum(story.state != "CLOSED" for story in self.stories.values())
        if not busy or (busy < AT_ONCE and chance < 0.1):
            await self._draft()
        elif chance < 0.2:
            await self._let_time_pass()
        else:
            await self._act()

    async def news(self) -> list[tuple[Story | None, Story, list[Row]]]:
        """The stories touched by this turn: as they were, as they are, and what happened in between (or nothing)."""
        told = defaultdict[str, list[Row]](list, {id: [] for id in self.rung})
        self.rung = []
        async with in_transaction():
            for event in await query(f"SELECT {TOLD} FROM event WHERE pos > ? ORDER BY pos", self.pos):
                if event["summons_id"] is None:  # a lock, which no story tells of
                    self.pos = int(str(event["pos"]))
                    continue
                told[str(event["summons_id"])].append(self._counted(event))
            before = self.stories
            after = {id: await story_of(id, news, known=before.get(id)) for id, news in told.items()}
        self.stories = {id: story for id, story in (before | after).items() if story.state not in OVER}
        return [(before.get(id), story, told[id]) for id, story in after.items()]

    def _counted(self, event: Row) -> Row:
        self.count(event, str(event["aggregate"]).lower())
        return event

    async def _draft(self) -> None:
        issuer, row = self.rng.choice(ISSUERS), IN_FORCE["summons", "create", "NONE"]
        here = [holder for holder in self.holders if holder.path.endswith(f"{issuer}.")]
        login = self.rng.choice([holder.login for holder in here if holder.role in row["roles"]])
        await draft_summons(self.actors[login], self.inputs.given(issuer))

    async def _let_time_pass(self) -> None:
        """Perhaps to a limit whose timer takes a new row."""
        await self.let_time_pass(
            [limit for story in self.stories.values() for limit in new_timers(story, self.taken)]
        )
        if self.rng.random() < 0.05:
            await self._lock()
        self.rung = [id for id, story in self.stories.items() if any(map(is_due, story.sla_clock))]
        await tick()

    async def _lock(self) -> None:
        """All scores up to yesterday, so that what is over can be archived."""
        yesterday = clock.local_date(clock.now()) - timedelta(days=1)
        if await TaskScore.filter(lock_id=None, scored_at__lt=clock.end_of_day(yesterday)).exists():
            await lock_scores(self.actors["shunde.org"], NewLock("440606", date(2026, 1, 1), yesterday))

    async def _act(self) -> None:
        few = self.rng.sample(list(self.stories.values()), min(3, len(self.stories)))
        choices = [choice for story in few for choice in self._choices(story)]
        if not choices:
            return
        weights = [weight(*choice, self.taken, self.tried) for choice in choices]
        [(story, one, kind)] = self.rng.choices(choices, weights)
        self.tried[kind] += 1
        try:
            await self._take(story, one, kind)
        except Refusal:
            self.in_vain[one["id"], kind] = story.pos
            raise

    def _choices(self, story: Story) -> list[tuple[Story, Row, Kind]]:
        """What was not yet refused since something last happened here."""
        things = [("summons", story.summons), *(("task", task) for task in story.task)]
        return [
            (story, one, kind)
            for machine, one in things
            for kind in CHOICES[machine, str(one["state"])]
            if self.in_vain.get((one["id"], kind)) != story.pos
        ]

    async def _take(self, story: Story, one: Row, kind: Kind) -> None:
        machine, action, _ = kind
        if action == "memberLost":
            async with recording() as record:
                return await give_up_tasks(record, str(one["responsible_id"]))
        login, given = self._who(kind, story, one), await self._given(action, story, one)
        actions = next((group for group in ONE_MUTATION if action in group), (action,))
        await self.step(login, machine, actions, one["id"], given)

    def _who(self, kind: Kind, story: Story, one: Row) -> str:
        return self.anybody(
            [holder.login for holder in self.holders if may(holder, IN_FORCE[kind], story, one)]
        )

    async def _given(self, action: str, story: Story, one: Row) -> Given:
        issuer, live = str(story.summons["issuer_id"]), [str(task["unit_id"]) for task in story.live]
        evaluated = [str(task["id"]) for task in story.task if task["state"] == "EVALUATED"]
        given = self.inputs.given(issuer, one.get("unit_id"), live, evaluated)
        given = replace(given, **dict.fromkeys({"note", "reason"} - OFFERED[action]))
        match action:
            case "releaseUnit" if live:
                return replace(given, unit=self.rng.choice(self._never_withdrawn(story) or live))
            case "reopen" if given.tasks:
                return replace(given, units=self.rng.choice([(), (), given.units]))
            case "proposeReschedule":
                return replace(given, appointment=given.appointment or self.inputs.appointment())
            case "closeUnresolved" if self.rng.random() < 0.8:
                return replace(given, outcome=Outcome.PARTIAL)
            case "checkIn" if self.rng.random() < 0.5:
                return replace(given, village_code=await current_code(issuer))
        return given

    def _never_withdrawn(self, story: Story) -> list[str]:
        """Units whose task is in a state from which none was withdrawn so far."""
        new = [task for task in story.live if not self.taken["task", "withdraw", str(task["state"])]]
        return [str(task["unit_id"]) for task in new]
