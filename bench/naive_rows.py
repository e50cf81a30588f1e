"""How `bench.naive` reads and changes rows: data loaders, and a step with its event."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from strawberry.dataloader import DataLoader
from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.models import Model
from tortoise.queryset import QuerySet

import models
from models import clock

Loader = DataLoader[Any, Any]
Numbers = tuple[int, int, int]


def one(model: type[Model]) -> Loader:
    async def load(keys: list[str]) -> list[Model | None]:
        found = await model.in_bulk(keys)
        return [found.get(key) for key in keys]

    return DataLoader(load)


def many(rows: QuerySet[Any], key: str) -> Loader:
    async def load(keys: list[str]) -> list[list[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for row in await rows.filter(**{f"{key}__in": keys}):
            found[getattr(row, key)].append(row)
        return [found[key] for key in keys]

    return DataLoader(load)


class Loaders:
    """Of one request."""

    def __init__(self) -> None:
        self.area, self.unit, self.member = one(models.Area), one(models.Unit), one(models.Member)
        self.summons = one(models.Summons)
        self.below = many(models.Area.all().order_by("code"), "parent_id")
        self.tasks = many(models.Task.all().order_by("-lead", "created_at", "id"), "summons_id")
        self.figures = DataLoader(figures)


async def figures(keys: list[tuple[str, datetime, datetime]]) -> list[Numbers]:
    """Issued, due and resolved; all ask for the same period, in one operation."""
    codes, (_, since, until) = [code for code, *_ in keys], keys[0]
    standing = models.Standing.filter(Q(until=None) | Q(until__gt=until), since__lte=until)
    issued = standing.filter(summons__issued_at__range=(since, until), summons__issuer_id__in=codes)
    due, done = Q(resolved=True) | Q(limit_at__lte=until), Q(resolved=True)
    counts = issued.annotate(all=Count("id"), due=Count("id", _filter=due), done=Count("id", _filter=done))
    rows = await counts.group_by("summons__issuer_id").values_list("summons__issuer_id", "all", "due", "done")
    found = {code: (issued, due, done) for code, issued, due, done in rows}
    return [found.get(code, (0, 0, 0)) for code in codes]


async def move(row: Any, state: str, type: str, action: str, **about: str) -> None:
    """To the state, with its event."""
    before, row.state, row.updated_at, row.version = row.state, state, clock.now(), row.version + 1
    await row.save()
    what: dict[str, Any] = {
        "type": type,
        "action": action,
        "aggregate": row.__class__.__name__,
        "aggregate_id": row.id,
    }
    what |= {"summons_id": getattr(row, "summons_id", row.id), "path": row.path, "at": row.updated_at}
    what |= {"version": row.version, "area_id": row.path.split(".")[-2], "from_state": before}
    await models.Event.create(**(what | about), to_state=state)
