"""How many summonses of an area stand in each state: by the tallies, or counted for whoever may read only some."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from tortoise.connection import get_connection
from tortoise.functions import Count

from models import Summons, SummonsState, TaskScore, subtree
from policies.actor import Actor
from policies.scopes import readable, readable_subtrees, whole

Counts = Counter[SummonsState]


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many are in the state."""

    state: SummonsState
    count: int


async def counts_of(actor: Actor, paths: Sequence[str]) -> list[Counts]:
    """Of the summonses in each subtree (by path) that the actor may read; at most two statements for all together."""
    readable_whole = readable_subtrees(actor)
    told = {path for path in paths if path.startswith(readable_whole)}
    found = await _tallied(told) | await _counted(actor, set(paths) - told)
    return [found[path] for path in paths]


def told(counts: Counts) -> list[StateCount]:
    """In the order of the workflow, without the states that none is in."""
    return [StateCount(state, counts[state]) for state in SummonsState if counts[state]]


async def _tallied(paths: set[str]) -> dict[str, Counts]:
    """By a range of the index for each of the paths, whatever lies between them."""
    found = {path: Counts() for path in paths}
    if paths:
        database = get_connection("default")
        asked = database.capabilities.dialect, sorted(paths)
        for row in await database.execute_query_dict(*_sums(*asked)):
            found[row["asked"]][SummonsState(row["state"])] = row["number"]
    return found


def _sums(dialect: str, paths: list[str]) -> tuple[str, list[object]]:
    """The paths are one value, so that the text of the statement is the same for any number of them."""
    if dialect == "postgres":
        return SUMS.format(asked="unnest($1::text[]) AS asked(value)"), [paths]
    return SUMS.format(asked="json_each(?) AS asked"), [orjson.dumps(paths).decode()]


SUMS = (
    "SELECT asked.value AS asked, state, sum(number) AS number FROM {asked} "
    "JOIN tally ON tally.path >= asked.value AND tally.path < substr(asked.value, 1, length(asked.value) - 1) || '/' "
    "GROUP BY asked.value, state"
)


async def _counted(actor: Actor, paths: set[str]) -> dict[str, Counts]:
    """Of every issuer from the first to the last of the paths, in one statement."""
    found = {path: Counts() for path in paths}
    if paths:
        start, end = min(paths), max(subtree(path)[1] for path in paths)
        rows = readable(Summons, actor).filter(path__gte=start, path__lt=end)
        counted = rows.annotate(count=Count("id")).group_by("path", "state")
        for issuer, state, count in await counted.values_list("path", "state", "count"):
            for path in paths:
                if issuer.startswith(path):
                    found[path][state] += count
    return found


async def numbers_of_scores(locks: list[str]) -> list[int]:
    """How many scores each of the locks holds, by its id."""
    held = whole(TaskScore).filter(lock_id__in=locks).annotate(number=Count("id")).group_by("lock_id")
    numbers = dict(await held.values_list("lock_id", "number"))
    return [numbers.get(id, 0) for id in locks]
