"""The figures of an area: how many summonses were issued, fell due and were resolved, as of the end of a period."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple, TypeVar, cast

from tortoise.models import Model
from tortoise.queryset import QuerySet

from models import Evaluation, FollowUp, Summons, subtree
from models.orphans import orphans_by_issuer
from models.periods import Period
from models.rows import Record, Text, ask, conditions, joined
from policies.actor import Actor
from policies.scopes import readable

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of summonses issued in the period. `due`: resolved by its end, or their limit had passed by then.

    `asked`: the subtree (by path) and the period they are of.
    """

    asked: "Asked"
    issued: int = 0
    due: int = 0
    resolved: int = 0

    @property
    def as_of(self) -> datetime:
        return self.asked.period.end

    @property
    def overdue(self) -> int:
        return self.due - self.resolved

    @property
    def closing_rate(self) -> float | None:
        """Resolved ÷ due (办结率), 0.0 to 1.0; None when nothing fell due."""
        return self.resolved / self.due if self.due else None


class Asked(NamedTuple):
    """Of which subtree (by path) and period."""

    path: str
    period: Period


async def figures_of(actor: Actor, asked: Sequence[Asked]) -> list[Figures]:
    """Over the summonses that the actor may read; one statement for each different period, however many areas."""
    found = await _by_area(actor, asked, COUNTED, 3)
    return [Figures(one, *map(int, found[one])) for one in asked]


async def satisfaction_of(actor: Actor, asked: Sequence[Asked]) -> list[float | None]:
    """Mean score for satisfaction of the evaluations that the actor may read, as they stood at the period's end."""
    found = await _by_area(actor, asked, SCORED, 2)
    return [total / number if number else None for total, number in (found[one] for one in asked)]


async def followed_up_of(actor: Actor, asked: Sequence[Asked]) -> list["FollowedUp"]:
    """What became by the period's end of the follow-ups that the actor may read, of those summonses."""
    found = await _by_area(actor, asked, FOLLOWED_UP, 2)
    return [FollowedUp(*map(int, found[one])) for one in asked]


class FollowedUp(NamedTuple):
    """How many follow-ups were recorded, and how many nobody did in time."""

    done: int
    skipped: int


async def orphans_below(paths: Sequence[str]) -> list[int]:
    """Of each subtree, by its path; one statement for all of them."""
    found = await orphans_by_issuer(min(paths), max(subtree(path)[1] for path in paths))
    return [sum(number for issuer, number in found.items() if issuer.startswith(path)) for path in paths]


Sums = dict[Asked, list[float]]


async def _by_area(actor: Actor, asked: Sequence[Asked], counting: str, width: int) -> Sums:
    """So many sums for each of what was asked, over all issuers at or below its path."""
    sums: Sums = {one: [0] * width for one in asked}
    for wanted in {one.period for one in asked}:
        paths = {one.path for one in asked if one.period == wanted}
        for issuer, *told in await _by_issuer(actor, wanted, paths, counting):
            numbers = cast(list[float | None], told)
            for path in paths.intersection(_upwards(str(issuer))):
                totals = sums[Asked(path, wanted)]
                totals[:] = [total + (number or 0) for total, number in zip(totals, numbers, strict=True)]
    return sums


def _upwards(path: str) -> Iterator[str]:
    """The path and those above it."""
    return accumulate(f"{code}." for code in path.split(".")[:-1])


async def _by_issuer(actor: Actor, wanted: Period, paths: set[str], counting: str) -> Sequence[Record]:
    """The numbers of each issuer from the first to the last of the paths, after its own path."""
    start, end = min(paths), max(subtree(path)[1] for path in paths)
    issued = readable(Summons, actor).filter(
        path__gte=start, path__lt=end, issued_at__gte=wanted.start, issued_at__lte=wanted.end
    )
    known = {
        "{issued}": joined('(SELECT "id", "path" FROM "summons" WHERE ', conditions(issued), " AND "),
        "{end}": Text(("", ""), (wanted.end,)),
        "{scored}": _met(readable(Evaluation, actor).filter(submitted_at__lte=wanted.end, voided_at=None)),
        "{ended}": _met(readable(FollowUp, actor).filter(ended_at__lte=wanted.end)),
    }
    return await ask(*(known.get(part, Text((part,))) for part in PARTS.split(counting)))


def _met(rows: QuerySet[M]) -> Text:
    return joined("", conditions(rows), " AND ")


PARTS = re.compile(r"(\{\w+\})")
COUNTED = """SELECT issued.path, COUNT(*),
    COUNT(*) FILTER (WHERE standing.resolved OR standing.limit_at <= {end}),
    COUNT(*) FILTER (WHERE standing.resolved)
FROM {issued}) AS issued LEFT JOIN standing ON standing.summons_id = issued.id AND standing.since <= {end}
    AND (standing.until IS NULL OR standing.until > {end})
GROUP BY issued.path"""
SCORED = """SELECT issued.path, SUM(score), COUNT(score) FROM {issued}) AS issued JOIN (
    SELECT scored.summons_id, CAST(COALESCE(appeal.scores_before, scored.scores)->>'SATISFACTION' AS FLOAT) AS score
    FROM (SELECT "id", "summons_id", "scores" FROM "evaluation" WHERE {scored}) AS scored
    LEFT JOIN appeal ON appeal.evaluation_id = scored.id AND appeal.ruled_at > {end}
) AS scored ON scored.summons_id = issued.id
GROUP BY issued.path"""
FOLLOWED_UP = """SELECT issued.path, COUNT(*) FILTER (WHERE state = 'DONE'), COUNT(*) FILTER (WHERE state = 'MISSED')
FROM {issued}) AS issued JOIN (SELECT "summons_id", "state" FROM "followup" WHERE {ended}) AS ended
    ON ended.summons_id = issued.id
GROUP BY issued.path"""
