"""A matter on its way through the small world, driven through the API by those whose turn it is."""

from datetime import datetime
from typing import Any, Self

from api import Answer, ask, brief, do
from world import World

from models import clock

RESOLUTION = {"meetingAt": "2026-01-26T15:00:00+08:00", "present": 5, "minutes": "一致同意。"}
DRAFT = {"title": "天湖外村公园改造", "text": "公园年久失修。", "category": "LIVING_ENVIRONMENT"}
DIMENSIONS = ("RESPONSE", "ARRIVAL", "RESULT", "SATISFACTION")
VILLAGES = {"tianhu": "440606106004", "shapu": "440606106201", "wanan": "440606104219"}
ENDED = {"EVALUATED", "REASSIGNED", "WITHDRAWN"}
EYE = "shunde.supervision"
"""Somebody who may read everything in the district."""


def scores(score: int) -> list[Answer]:
    """The same score for every dimension."""
    return [{"dimension": dimension, "score": score} for dimension in DIMENSIONS]


SUMMONS_WAY: dict[str, tuple[str, str, Answer]] = {
    "DRAFT": ("{village}.secretary", "submitSummonsForReview", {"resolution": RESOLUTION}),
    "PENDING_REVIEW": ("{village}.secretary", "issueSummons", {}),
}
TASK_WAY: dict[str, tuple[str, str, Answer]] = {
    "PENDING": ("{unit}.liaison", "acceptTask", {}),
    "ACCEPTED": ("{unit}.liaison", "assignTask", {"member": "{unit}.member"}),
    "ASSIGNED": ("{village}.secretary", "confirmArrival", {}),
    "ARRIVED": ("{unit}.liaison", "submitResult", {"outcome": "RESOLVED", "text": "已修好。"}),
    "RESOLVED": ("{village}.secretary", "evaluateTask", {"scores": scores(90)}),
}
"""From each state, the usual next step: who takes it, the mutation, and what they give."""

SUMMONS = "query($id: ID!) { summons(id: $id) { state round outcome dueAt tasks { id state unit { id } } } }"
TASK = """query($id: ID!) { task(id: $id) {
    id state dueAt escalationLevel responsible { login } proposals { kind withTown } } }"""
HISTORY = "history(first: 100) { edges { node { type } } }"
ACTIONS = "availableActions { action reasonCode }"


def local(moment: str | None) -> str | None:
    """As the clock on the wall says: 03-02 09:00."""
    if moment is None:
        return None
    return datetime.fromisoformat(moment).astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")


class Matter:
    """A summons; its tasks go by the short names of their units, the live one where a unit had several."""

    def __init__(self, world: World, id: str, village: str) -> None:
        self.world, self.id, self.village = world, id, village
        self._task_ids: dict[str, str] = {}

    @classmethod
    async def drafted(cls, world: World, *units: str, by: str = "tianhu", **more: Any) -> Self:
        given = DRAFT | {"issuer": VILLAGES[by], "units": list(units)} | more
        payload = await do(f"{by}.secretary", "draftSummons", world.ids(given))
        assert payload["problems"] == [], payload["problems"]
        return cls(world, payload["summons"]["id"], by)

    @classmethod
    async def issued(cls, world: World, *units: str, **more: Any) -> Self:
        return await (await cls.drafted(world, *units, **more)).bring("ISSUED")

    async def bring(self, state: str, *units: str) -> Self:
        """Take the usual steps until the summons, or the tasks of these units, stand there."""
        for unit in units or ("",):
            now = await self.state(unit)
            while now != state:
                login, mutation, given = (TASK_WAY if unit else SUMMONS_WAY)[now]
                named = {name: _named(value, unit) for name, value in given.items()}
                login = login.format(unit=unit, village=self.village)
                now = (await self.done(login, mutation, unit, **named))["event"]["toState"]
        return self

    async def do(self, login: str, mutation: str, of: str = "", /, **given: Any) -> Answer:
        """The payload of a mutation of the summons, or of the task of a unit."""
        about = {"task": await self.task_id(of)} if of else {"summons": self.id}
        about = {} if mutation == "draftSummons" else about
        payload = await do(login, mutation, self.world.ids(about | given))
        if not of or "reassignTo" in given:
            self._task_ids = {}
        return payload

    async def done(self, login: str, mutation: str, of: str = "", /, **given: Any) -> Answer:
        """The same, once it is clear that it happened."""
        payload = await self.do(login, mutation, of, **given)
        assert payload["problems"] == [], payload["problems"]
        return payload

    async def why_not(self, login: str, mutation: str, of: str = "", /, **given: Any) -> str:
        """As `api.why_not`."""
        payload = await self.do(login, mutation, of, **given)
        return "; ".join(map(brief, payload["problems"]))

    async def task_id(self, unit: str) -> str:
        if unit not in self._task_ids:
            tasks = sorted((await self.seen())["tasks"], key=lambda task: str(task["state"]) not in ENDED)
            self._task_ids = {self.world.name_of(task["unit"]["id"]): task["id"] for task in tasks}
        return self._task_ids[unit]

    async def seen(self) -> Answer:
        summons: Answer = (await ask(EYE, SUMMONS, id=self.id))["summons"]
        return summons

    async def task(self, unit: str) -> Answer:
        task: Answer = (await ask(EYE, TASK, id=await self.task_id(unit)))["task"]
        return task

    async def state(self, unit: str = "") -> str:
        summons = await self.seen()
        id = await self.task_id(unit) if unit else ""
        return str(next((task["state"] for task in summons["tasks"] if task["id"] == id), summons["state"]))

    async def stands(self) -> str:
        """Such as "IN_PROGRESS: zr ARRIVED, zf PENDING"."""
        summons = await self.seen()
        tasks = [f"{self.world.name_of(task['unit']['id'])} {task['state']}" for task in summons["tasks"]]
        return f"{summons['state']}: {', '.join(sorted(tasks))}".removesuffix(": ")

    async def due(self, unit: str) -> str | None:
        """The limit that the unit's task is shown with, as the clock on the wall says."""
        return local((await self.task(unit))["dueAt"])

    async def history(self, unit: str = "") -> list[str]:
        """The events of the summons and all its tasks, or of the unit's task, oldest first."""
        kind, id = ("task", await self.task_id(unit)) if unit else ("summons", self.id)
        told = await ask(EYE, f"query($id: ID!) {{ {kind}(id: $id) {{ {HISTORY} }} }}", id=id)
        return [edge["node"]["type"] for edge in told[kind]["history"]["edges"]]

    async def available(self, login: str, unit: str = "") -> dict[str, str | None]:
        """Every action of the present state, with why not; None: it is allowed."""
        kind, id = ("task", await self.task_id(unit)) if unit else ("summons", self.id)
        told = await ask(login, f"query($id: ID!) {{ {kind}(id: $id) {{ {ACTIONS} }} }}", id=id)
        return {one["action"]: one["reasonCode"] for one in told[kind]["availableActions"]}


def _named(value: Any, unit: str) -> Any:
    return value.format(unit=unit) if isinstance(value, str) else value
