"""Events, as clients see them: one log for history, polling and the live stream."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import events as resolve
from resolvers.cursors import Cursor
from schema.areas import Area
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import Node, PageInfo

if TYPE_CHECKING:
    from schema.orders import WorkOrder
    from schema.requests import Request
    from schema.summons import Summons
    from schema.tasks import Task


@strawberry.type(
    description=(
        "One thing that happened (事件), written together with the change it tells of. The log is delivered at least "
        "once: `id` tells repeats, `cursor` orders, `aggregateVersion` shows that nothing is missing."
    )
)
class Event(Node):
    cursor: Cursor = field(
        resolve.cursor, "Place in the log, to go on from; strictly in the order of commits."
    )
    type: str = attribute("What happened, e.g. `task.accepted`; stable names.")
    at: datetime = attribute("When it happened.")
    actor: Member | None = field(
        resolve.actor,
        "Who did it; null for the clock, for somebody the caller may not know, and for the reporter of a request.",
    )
    on_behalf_of: Member | None = field(
        resolve.on_behalf_of,
        "In whose name the actor did it, as a deputy (代理); null for who acted in their own right, and for somebody "
        "the caller may not know.",
    )
    area: Area = field(
        resolve.area, "The issuer of the summons it is about, or the area of the request, unit or member."
    )
    summons: Annotated["Summons", strawberry.lazy("schema.summons")] | None = field(
        resolve.summons, "The summons it is about; null for events of units, members, grants and keys."
    )
    task: Annotated["Task", strawberry.lazy("schema.tasks")] | None = field(
        resolve.task, "The task it is about; null for events of the summons itself and of others."
    )
    request: Annotated["Request", strawberry.lazy("schema.requests")] | None = field(
        resolve.request, "The request it is about, also for events of its orders; null for all others."
    )
    order: Annotated["WorkOrder", strawberry.lazy("schema.orders")] | None = field(
        resolve.order, "The work order it is about; null for all others."
    )
    aggregate_version: int = attribute(
        "1, 2, 3 … without a hole for each summons, task, request, order, unit, member, grant or key.",
        of="version",
    )
    from_state: str | None = attribute(
        "State before, as the name of an enum value; null for the first event."
    )
    to_state: str | None = attribute("State after; the same as before where the state stays.")
    note: str | None = field(
        resolve.note,
        "What the actor said about it; null when they said nothing, and for events of evaluations, whose words are in "
        "`Evaluation.comment` and `Evaluation.appeal`.",
    )


@strawberry.type(description="One event of a page and its place in the log.")
class EventEdge:
    cursor: Cursor = attribute("Place of the event in the log, for `after`.")
    node: Event = attribute("The event itself, with what it is about.")


@strawberry.type(description="A page of the event log; it has no total, because the log only grows.")
class EventConnection:
    edges: list[EventEdge] = attribute("The events of this page, oldest first.")
    page_info: PageInfo = attribute("Whether there is more, and where to go on.")


@strawberry.type(description="The event log (事件日志), as those who read on and on in it need to know it.")
class EventLog:
    retention_days: int = attribute(
        "Days within which one can go on after a cursor in `events`, `taskUpdates` and `requestUpdates`; older events "
        "stay in the histories of summonses, tasks, requests and orders."
    )
    head: Cursor = attribute("Where the log ends now: after it comes only what happens from now on.")


@strawberry.type(
    description="A message of the live stream. `event` is null for the first message and for bookmarks."
)
class TaskUpdate:
    cursor: Cursor = attribute("Where the stream stands after this message; keep it to go on after a break.")
    event: Event | None = attribute(
        "What happened; null when the message only tells where the stream stands."
    )


@strawberry.type(
    description="A message of the live stream of requests. `event` is null for the first message and for bookmarks."
)
class RequestUpdate:
    cursor: Cursor = attribute("Where the stream stands after this message; keep it to go on after a break.")
    event: Event | None = attribute(
        "What happened to a request or a work order; null when the message only tells where the stream stands."
    )
