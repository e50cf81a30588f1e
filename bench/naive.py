"""The naive way: Strawberry, its data loaders and Tortoise's objects, as their documentation shows them.

It answers each workload from baodao's models and rows, without rights, limits or an audit log. A resolver for each
relation and a data loader behind it; no compiled selections, nothing remembered from one request to the next. Whoever
listens has a queue of their own in the process.
Serve with uvicorn: ``uvicorn bench.naive:app``.
"""

import os
from asyncio import Queue
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple, NewType

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig
from strawberry.types.enum import has_enum_definition
from strawberry.types.info import Info as AnyInfo
from tortoise.transactions import in_transaction

import models
from baodao.database import database
from bench.naive_rows import Loaders, move
from models import SummonsCategory, SummonsState, TaskState, clock

AreaCode = NewType("AreaCode", str)
Info = AnyInfo[Loaders, None]


@strawberry.type
class Statistics:
    issued: int
    due: int
    resolved: int
    closing_rate: float | None


def relation(loader: str, key: str) -> Any:
    async def load(row: strawberry.Parent[Any], info: Info) -> Any:
        value = getattr(row, key)
        return None if value is None else await getattr(info.context, loader).load(value)

    return strawberry.field(resolver=load)


@strawberry.interface
class Area:
    code: AreaCode
    name: str
    parent: "Area | None" = relation("area", "parent_id")

    @classmethod
    def is_type_of(cls, row: models.Area, info: object) -> bool:
        return row.level == cls.__name__.upper()


@strawberry.type
class Grid(Area): ...


@strawberry.type
class Village(Area):
    grids: list[Grid] = relation("below", "code")

    @strawberry.field
    async def statistics(
        self, info: Info, from_: Annotated[date, strawberry.argument(name="from")], to: date
    ) -> Statistics:
        period = clock.start_of_day(from_), clock.end_of_day(to) - datetime.resolution
        issued, due, done = await info.context.figures.load((self.code, *period))
        rate = done / due if due else None
        return Statistics(issued=issued, due=due, resolved=done, closing_rate=rate)


@strawberry.type
class Town(Area):
    villages: list[Village] = relation("below", "code")


@strawberry.type
class District(Area):
    towns: list[Town] = relation("below", "code")


@strawberry.type
class Named:
    id: strawberry.ID
    name: str


@strawberry.type
class Task:
    id: strawberry.ID
    state: TaskState
    due_at: datetime | None
    unit: Named = relation("unit", "unit_id")
    responsible: Named | None = relation("member", "responsible_id")


@strawberry.type
class Summons:
    id: strawberry.ID
    number: str
    title: str
    category: SummonsCategory
    state: SummonsState
    issued_at: datetime | None
    due_at: datetime | None
    issuer: Area = relation("area", "issuer_id")
    tasks: list[Task] = relation("tasks", "id")


@strawberry.type
class Edge:
    cursor: str
    node: Summons


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Page:
    edges: list[Edge]
    page_info: PageInfo


@strawberry.input
class SummonsFilter:
    state: list[SummonsState] | None


@strawberry.type
class Query:
    @strawberry.field
    async def summons(self, id: strawberry.ID, info: Info) -> Summons | None:
        found: Summons | None = await info.context.summons.load(id)
        return found

    @strawberry.field
    async def area(self, code: AreaCode, info: Info) -> Area | None:
        found: Area | None = await info.context.area.load(code)
        return found

    @strawberry.field
    async def summonses(self, area: AreaCode, filter: SummonsFilter, first: int) -> Page:
        start, behind = models.areas.subtree((await models.Area.get(code=area)).path)
        rows = models.Summons.filter(path__gte=start, path__lt=behind, state__in=filter.state or [])
        found: list[Any] = await rows.order_by("-listed_at", "-id").limit(first + 1)
        edges = [Edge(cursor=f"{row.listed_at.isoformat()}|{row.id}", node=row) for row in found[:first]]
        end: str | None = edges[-1].cursor if edges else None
        return Page(edges=edges, page_info=PageInfo(has_next_page=len(found) > first, end_cursor=end))


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def accept_task(self, task: strawberry.ID, actor: strawberry.ID) -> Task:
        async with in_transaction():
            found: Any = await models.Task.select_for_update().get(id=task).prefetch_related("summons")
            if found.state != TaskState.PENDING:
                raise ValueError("WRONG_STATE")
            found.accepted_at, about = clock.now(), {"task_id": found.id, "unit_id": found.unit_id}
            await move(found, TaskState.ACCEPTED, "task.accepted", "accept", actor_id=actor, **about)
            if found.summons.state == SummonsState.ISSUED:
                step = SummonsState.IN_PROGRESS, "summons.in_progress", "firstAcceptance"
                await move(found.summons, *step, actor_id=actor)
        for told in listeners[found.summons.issuer_id]:
            told.put_nowait(Told("task.accepted", found.updated_at, found.summons_id))
        accepted: Task = found
        return accepted


class Told(NamedTuple):
    """What happened, to those who listen in the process."""

    type: str
    at: datetime
    summons_id: str


listeners: dict[str, set[Queue[Told]]] = defaultdict(set)
"""By the code of the area they listen to."""


@strawberry.type
class Event:
    type: str
    at: datetime
    summons: Summons = relation("summons", "summons_id")


@strawberry.type
class TaskUpdate:
    event: Event


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def task_updates(self, area: str) -> AsyncIterator[TaskUpdate]:
        told = Queue[Told]()
        listeners[area].add(told)
        try:
            while True:
                event: Any = await told.get()
                yield TaskUpdate(event=event)
        finally:
            listeners[area].remove(told)


class View(GraphQL[Loaders, None]):
    async def get_context(self, request: object, response: object) -> Loaders:
        return Loaders()


for each in (SummonsCategory, SummonsState, TaskState):
    if not has_enum_definition(each):  # in the tests the service's schema is there too
        strawberry.enum(each)
schema = strawberry.Schema(
    Query,
    Mutation,
    Subscription,
    types=[District, Town, Village, Grid],
    config=StrawberryConfig(scalar_map={AreaCode: strawberry.scalar(name="AreaCode")}),
)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with database(os.environ["DATABASE_URL"]):
        yield


view = View(schema)
app = Starlette(routes=[Route("/graphql", view), WebSocketRoute("/graphql", view)], lifespan=lifespan)
