"""Fields about summonses, and the lists of summonses."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from strawberry import ID
from tortoise.expressions import Q, Subquery

from models import (
    Area,
    CoIssuerState,
    Request,
    Summons,
    SummonsCategory,
    SummonsState,
    Task,
    Tier,
    Unit,
    clock,
)
from policies.scopes import readable
from resolvers.areas import inside
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later, then
from resolvers.loaders import present
from resolvers.pages import NEVER, By, Order, Page, page
from resolvers.plan import loads, reads
from resolvers.words import searched


class SummonsOrder(StrEnum):
    """How a list of summonses can be sorted; a draft stands where it would if it had been issued when drafted."""

    ISSUED_DESC = "ISSUED_DESC"
    ISSUED_ASC = "ISSUED_ASC"
    UPDATED_DESC = "UPDATED_DESC"
    DUE_ASC = "DUE_ASC"


def _order(name: SummonsOrder, column: str, descending: bool, or_else: datetime | str | None = None) -> Order:
    keys = By(column, datetime, descending, or_else), By("id", descending=descending)
    return Order(f"summonses:{name}", *keys)


ORDERS = {
    SummonsOrder.ISSUED_DESC: _order(SummonsOrder.ISSUED_DESC, "listed_at", True),
    SummonsOrder.ISSUED_ASC: _order(SummonsOrder.ISSUED_ASC, "listed_at", False),
    SummonsOrder.UPDATED_DESC: _order(SummonsOrder.UPDATED_DESC, "updated_at", True),
    SummonsOrder.DUE_ASC: _order(SummonsOrder.DUE_ASC, "due_at", False, NEVER),
}
MOST_TASKS = 50
MOST_REQUESTS = 50
UNDER_WAY = (SummonsState.ISSUED, SummonsState.IN_PROGRESS)


@dataclass
class SummonsFilter:
    """What narrows a list of summonses; every condition that is given must hold."""

    state: list[SummonsState] | None = None
    category: list[SummonsCategory] | None = None
    tier: list[Tier] | None = None
    unit: ID | None = None
    issuer: AreaCode | None = None
    issued_from: datetime | None = None
    issued_to: datetime | None = None
    updated_since: datetime | None = None
    overdue: bool | None = None
    text: str | None = None


def summons(info: Info, id: ID) -> Later[Summons | None]:
    return info.context.loaders.summonses.find(key_of(id, Summons, "id"))


async def summonses(
    info: Info,
    area: AreaCode | None = None,
    filter: SummonsFilter | None = None,
    order_by: SummonsOrder | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Summons]:
    if area is None:
        return await _listed(info, Q(), filter, order_by, first, after)
    root = await info.context.loaders.areas.load(area)
    if root is None:
        return await _listed(info, Q(pk__in=[]), filter, order_by, first, after)
    return await summonses_of_area(root, info, filter, order_by, first, after)


async def summonses_of_area(
    root: Area,
    info: Info,
    filter: SummonsFilter | None = None,
    order_by: SummonsOrder | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Summons]:
    listed = await _listed(info, inside("path", root), filter, order_by, first, after)
    if filter is not None and replace(filter, state=None) != SummonsFilter():
        return listed
    return replace(listed, count=partial(_tallied, info, root, filter.state if filter else None))


async def _tallied(info: Info, root: Area, states: list[SummonsState] | None) -> int:
    """The total of a list that only states narrow."""
    counts = await info.context.loaders.tallies.load(root.path)
    return counts.total() if states is None else sum(counts[state] for state in set(states))


async def _listed(
    info: Info,
    where: Q,
    wanted: SummonsFilter | None,
    order_by: SummonsOrder | None,
    first: int | None,
    after: Cursor | None,
) -> Page[Summons]:
    rows = readable(Summons, info.context.actor).filter(where, *_conditions(info, wanted or SummonsFilter()))
    return await page(info, rows, ORDERS[order_by or SummonsOrder.ISSUED_DESC], first, after)


def _conditions(info: Info, wanted: SummonsFilter) -> Iterator[Q]:
    if wanted.state is not None:
        yield Q(state__in=set(wanted.state))
    if wanted.category is not None:
        yield Q(category__in=set(wanted.category))
    if wanted.tier is not None:
        yield Q(tier__in=set(wanted.tier))
    if wanted.unit is not None:
        yield _summoned(info, key_of(wanted.unit, Unit, "filter", "unit"))
    if wanted.issuer is not None:
        yield Q(issuer_id=wanted.issuer)
    if wanted.overdue is not None:
        yield _overdue() if wanted.overdue else ~_overdue()
    if wanted.text is not None:
        yield _holds(searched(wanted.text, "filter", "text"))
    yield from _moments(wanted)


def _moments(wanted: SummonsFilter) -> Iterator[Q]:
    if wanted.issued_from is not None:
        yield Q(issued_at__gte=wanted.issued_from)
    if wanted.issued_to is not None:
        yield Q(issued_at__lt=wanted.issued_to)
    if wanted.updated_since is not None:
        yield Q(updated_at__gte=wanted.updated_since)


def _summoned(info: Info, unit_id: str) -> Q:
    """Through the tasks that the caller may read, so that nothing can be guessed from what is hidden."""
    tasks = readable(Task, info.context.actor).filter(unit_id=unit_id)
    return Q(id__in=Subquery(tasks.values("summons_id")))


def _overdue() -> Q:
    return Q(state__in=UNDER_WAY, resolved=False, due_at__isnull=False, due_at__lt=clock.now())


def _holds(text: str) -> Q:
    return Q(number__icontains=text) | Q(title__icontains=text) | Q(text__icontains=text)


@loads("areas", "issuer_id")
def issuer(root: Summons, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.issuer_id)


@reads("id", "joint")
async def co_issuers(root: Summons, info: Info) -> list[Area]:
    joined = await info.context.loaders.co_issuers_of_summons.load(root.id) if root.joint else []
    return present(await info.context.loaders.areas.load_many([one.area_id for one in joined]))


@reads("id", "joint")
async def signed_by(root: Summons, info: Info) -> list[Area]:
    joined = await info.context.loaders.co_issuers_of_summons.load(root.id) if root.joint else []
    signed = [one.area_id for one in joined if one.state == CoIssuerState.SIGNED]
    return present(await info.context.loaders.areas.load_many(signed))


@reads("resolution_at", "resolution_present", "resolution_minutes", "ratified_at")
def resolution(root: Summons) -> Summons | None:
    """A summons carries its own record of the meeting; nothing until there is one."""
    return root if root.resolution_at else None


@loads("units", "lead_unit_id")
def lead_unit(root: Summons, info: Info) -> Later[Unit | None]:
    return info.context.loaders.units.find(root.lead_unit_id) if root.lead_unit_id else None


@reads("target_ids")
async def targets(root: Summons, info: Info) -> list[Unit]:
    return present(await info.context.loaders.units.load_many(root.target_ids))


@loads("summonses", "duplicate_of_id")
def duplicate_of(root: Summons, info: Info) -> Later[Summons | None]:
    return info.context.loaders.summonses.find(root.duplicate_of_id) if root.duplicate_of_id else None


@loads("tasks_of_summons", "id")
def tasks(root: Summons, info: Info) -> Later[list[Task]]:
    return then(info.context.loaders.tasks_of_summons.find(root.id), _at_most)


@loads("requests_of_summons", "id")
def requests(root: Summons, info: Info) -> Later[list[Request]]:
    return then(info.context.loaders.requests_of_summons.find(root.id), lambda found: found[:MOST_REQUESTS])


def _at_most(found: list[Task]) -> list[Task]:
    return found[:MOST_TASKS]
