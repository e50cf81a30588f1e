"""The summonses that requests led to, played to their end by those whose turn it is."""

from dataclasses import replace
from datetime import timedelta

from walk_stories import Row, query
from walk_way import Way

from actions.given import Given, Resolution
from models import Outcome, clock

SUMMONS_WAY = {"DRAFT": "submitForReview", "PENDING_REVIEW": "issue"}
TASK_WAY = {
    "PENDING": ("accept", "{unit}.liaison"),
    "ACCEPTED": ("assign", "{unit}.liaison"),
    "ASSIGNED": ("confirmArrival", "{village}.secretary"),
    "ARRIVED": ("submitResult", "{unit}.liaison"),
    "RESOLVED": ("evaluate", "{village}.secretary"),
}
"""From each state the usual next step, and who takes it; steps of summonses are all the secretary's."""
CALLED_OFF, GIVEN_UP = 0.06, 0.01
DIMENSIONS = ("RESPONSE", "ARRIVAL", "RESULT", "SATISFACTION")


async def help_along(walk: Way, id: object, village: str) -> None:
    """The usual next step, or, now and then, the last."""
    [summons] = await query("SELECT * FROM summons WHERE id = ?", id)
    tasks = await query("SELECT * FROM task WHERE summons_id = ? ORDER BY id", id)
    live = [task for task in tasks if task["state"] in TASK_WAY]
    chance = walk.rng.random()
    if chance < CALLED_OFF and summons["state"] in ("DRAFT", "PENDING_REVIEW", "ISSUED"):
        await walk.step(f"{village}.secretary", "summons", ("cancel",), id, _given())
    elif chance < GIVEN_UP and summons["state"] == "IN_PROGRESS":
        given = replace(_given(), outcome=Outcome.PARTIAL)
        await walk.step("junan.coordinator", "summons", ("closeUnresolved",), id, given)
    elif action := SUMMONS_WAY.get(str(summons["state"])):
        await walk.step(f"{village}.secretary", "summons", (action,), id, _given())
    elif live:
        await _help_unit(walk, walk.rng.choice(live), village)


async def _help_unit(walk: Way, task: Row, village: str) -> None:
    unit = next(short for short, one in walk.world.units.items() if one.id == task["unit_id"])
    action, login = TASK_WAY[str(task["state"])]
    given = replace(_given(), member=walk.world.members[f"{unit}.member"].id)
    await walk.step(login.format(unit=unit, village=village), "task", (action,), task["id"], given)


def _given() -> Given:
    return Given(
        reason="reason",
        text="text",
        outcome=Outcome.RESOLVED,
        resolution=Resolution(clock.now() - timedelta(days=1), 5, "minutes"),
        scores=tuple((dimension, 90) for dimension in DIMENSIONS),
    )
