"""The event log, as lists and as the history of one thing."""

from tortoise.queryset import QuerySet

from actions.request_case import BY_REPORTER
from models import (
    Area,
    Evaluation,
    Event,
    InvalidInput,
    Member,
    Publication,
    Request,
    Summons,
    Task,
    WorkOrder,
)
from models.workflow import MACHINES
from policies.scopes import readable, readable_news
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later
from resolvers.pages import Edge, Page, page_info, page_size
from resolvers.plan import loads, reads
from resolvers.retention import require_recent, start_of_log

ADMIN_TYPES = frozenset(
    {
        "area.calendarSet",
        "area.limitEnded",
        "area.limitSet",
        "area.settingsChanged",
        "breakGlass.opened",
        "breakGlass.reviewed",
        "breakGlass.used",
        "category.closed",
        "category.created",
        "category.updated",
        "claim.done",
        "claim.dropped",
        "claim.made",
        "claim.verified",
        "commitment.kept",
        "commitment.made",
        "credential.issued",
        "credential.revoked",
        "credential.rotated",
        "export.done",
        "export.downloaded",
        "export.expired",
        "export.failed",
        "export.requested",
        "export.withdrawn",
        "followupGroup.changed",
        "followupGroup.created",
        "grant.delegated",
        "grant.delegationEnded",
        "grant.granted",
        "grant.revoked",
        "honour.given",
        "inspection.cancelled",
        "inspection.changed",
        "inspection.missed",
        "inspection.planned",
        "inspection.recorded",
        "inspectionPlan.changed",
        "inspectionPlan.created",
        "inspectionPlan.ended",
        "item.changed",
        "item.closed",
        "item.created",
        "item.offered",
        "member.created",
        "member.disabled",
        "member.updated",
        "metric.snapshotTaken",
        "notice.decided",
        "notice.issued",
        "notice.recounted",
        "notice.reported",
        "pairing.arranged",
        "pairing.ended",
        "policy.drafted",
        "policy.proposed",
        "policy.published",
        "policy.withdrawn",
        "scores.locked",
        "task.resident_asked",
        "task.resident_rated",
        "template.created",
        "unit.closed",
        "unit.created",
        "unit.updated",
        "webhook.paused",
        "webhook.redelivered",
        "webhook.registered",
        "webhook.removed",
        "webhook.resumed",
        "webhook.secretRotated",
        "webhook.updated",
    }
)
BESIDE_STEPS = frozenset({"summons.followup_planned"})
"""What happens to a summons without being a step of the workflow."""
STEP_TYPES = frozenset(step.event for table in MACHINES.values() for step in table.values())
TYPES = ADMIN_TYPES | BESIDE_STEPS | STEP_TYPES
MOST_TYPES = 100
EVALUATION, REQUEST, ORDER = Evaluation.__name__, Request.__name__, WorkOrder.__name__


async def events(
    info: Info,
    area: AreaCode | None = None,
    types: list[str] | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Event]:
    log = await info.context.loaders.log_cursors()
    rows = readable(Event, info.context.actor)
    if after is not None:
        await require_recent(log.pos(after))
    elif start := await start_of_log():
        rows = rows.filter(pos__gt=start)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if types is not None:
        rows = rows.filter(type__in=known_types(types))
    return await _page(rows, info, first, after)


def known_types(types: list[str]) -> list[str]:
    """InvalidInput EVENT_TYPE_UNKNOWN at the first name that no event bears; TOO_MANY for more than 100."""
    if len(types) > MOST_TYPES:
        raise InvalidInput("TOO_MANY", "types")
    for index, type in enumerate(types):
        if type not in TYPES:
            raise InvalidInput("EVENT_TYPE_UNKNOWN", "types", str(index))
    return types


@reads("id")
async def history_of_summons(
    root: Summons, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Event]:
    return await _page(readable_news(info.context.actor).filter(summons_id=root.id), info, first, after)


@reads("id")
async def history_of_task(
    root: Task, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Event]:
    return await _page(readable_news(info.context.actor).filter(task_id=root.id), info, first, after)


async def history_of_request(
    root: Request, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Event]:
    """Of the request and its orders."""
    orders = await info.context.loaders.orders_of_request.load(root.id)
    return await _told_of(info, [root.id, *(order.id for order in orders)], first, after)


async def history_of_order(
    root: WorkOrder, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Event]:
    return await _told_of(info, [root.id], first, after)


async def history_of_publication(
    root: Publication, info: Info, first: int | None = None, after: Cursor | None = None
) -> Page[Event]:
    return await _told_of(info, [root.id], first, after)


async def _told_of(info: Info, ids: list[str], first: int | None, after: Cursor | None) -> Page[Event]:
    return await _page(readable(Event, info.context.actor).filter(aggregate_id__in=ids), info, first, after)


async def _page(rows: QuerySet[Event], info: Info, first: int | None, after: Cursor | None) -> Page[Event]:
    size, log = page_size(first), await info.context.loaders.log_cursors()
    rest = rows.filter(pos__gt=log.pos(after)) if after is not None else rows
    found = await rest.order_by("pos").limit(size + 1)
    edges = [Edge(event, lambda event: log.cursor(event.pos)) for event in found[:size]]
    return Page(edges, page_info(edges, len(found) > size, after), rows.count)


async def cursor(root: Event, info: Info) -> Cursor:
    return (await info.context.loaders.log_cursors()).cursor(root.pos)


@loads("members", "actor_id")  # and looks at the payload: events are always read whole
def actor(root: Event, info: Info) -> Later[Member | None]:
    """Who acted as the reporter of a request is known to themselves alone."""
    if root.actor_id is None or _hidden(root, info):
        return None
    return info.context.loaders.members.find(root.actor_id)


def _hidden(root: Event, info: Info) -> bool:
    return bool(root.payload.get(BY_REPORTER)) and not info.context.actor.is_(root.actor_id)


def note(root: Event) -> str | None:
    """Words of an evaluation or an appeal are for those who read evaluations, which not everybody does here."""
    return None if root.aggregate == EVALUATION else root.note


async def on_behalf_of(root: Event, info: Info) -> Member | None:
    principal = None if _hidden(root, info) else root.payload.get("onBehalfOf")
    return await info.context.loaders.members.load(str(principal)) if principal else None


@loads("areas", "area_id")
def area(root: Event, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


@loads("summonses", "summons_id")
def summons(root: Event, info: Info) -> Later[Summons | None]:
    return info.context.loaders.summonses.find(root.summons_id) if root.summons_id else None


@loads("tasks", "task_id")
def task(root: Event, info: Info) -> Later[Task | None]:
    return info.context.loaders.tasks.find(root.task_id) if root.task_id else None


async def request(root: Event, info: Info) -> Request | None:
    """Of an order too."""
    if root.aggregate == REQUEST:
        return await info.context.loaders.requests.load(root.aggregate_id)
    its_order = await order(root, info)
    return await info.context.loaders.requests.load(its_order.request_id) if its_order else None


async def order(root: Event, info: Info) -> WorkOrder | None:
    return await info.context.loaders.orders.load(root.aggregate_id) if root.aggregate == ORDER else None
