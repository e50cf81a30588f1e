"""The limit: what can be had by hand from the same libraries, without GraphQL, rights, limits or an audit log.

Starlette, asyncpg and orjson answer each workload's document (known by the name of its operation) with fixed SQL, in
the very words and order of baodao's own answer; plain keys are asked for where baodao asks for ids.
Serve with uvicorn: ``uvicorn bench.limit:app``.
"""

import os
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from models import clock

Json = dict[str, object]
Variables = Mapping[str, str]

FIRST = 50
ONE = """SELECT s.id, s.number, s.title, s.category, s.state, s.issued_at, s.due_at,
v.code AS village, v.name AS village_name, t.code AS town, t.name AS town_name,
d.code AS district, d.name AS district_name FROM summons s
JOIN area v ON v.code = s.issuer_id JOIN area t ON t.code = v.parent_id JOIN area d ON d.code = t.parent_id
WHERE s.id = $1"""
TASKS = """SELECT t.id, t.state, t.due_at, u.id, u.name, m.id, m.name FROM task t JOIN unit u ON u.id = t.unit_id
LEFT JOIN member m ON m.id = t.responsible_id WHERE t.summons_id = $1 ORDER BY t.lead DESC, t.created_at, t.id"""
NEWEST = """SELECT s.id, s.title, s.state, s.issued_at, s.listed_at, v.name FROM town_summonses($1, $2) s
JOIN area v ON v.code = s.issuer_id ORDER BY s.listed_at DESC, s.id DESC LIMIT $3"""
TASKS_OF = """SELECT t.summons_id, t.state, u.name FROM task t JOIN unit u ON u.id = t.unit_id
WHERE t.summons_id = ANY($1) ORDER BY t.lead DESC, t.created_at, t.id"""
TREE = """SELECT below.code, below.parent_id, below.name FROM area JOIN area below
ON below.path >= area.path AND below.path < left(area.path, -1) || '/' WHERE area.code = $1 ORDER BY below.code"""
FIGURES = "SELECT code, name, issued, due, resolved, closing_rate FROM town_figures($1, $2, $3)"
ACCEPT = """SELECT t.id, t.state, t.path, t.updated_at, s.number, s.title FROM accept_task($1, $2) t
JOIN summons s ON s.id = t.summons_id"""


async def summons(database: asyncpg.Pool, variables: Variables) -> Json:
    key = variables["id"]
    async with database.acquire() as connection:
        row, tasks = await connection.fetchrow(ONE, key), await connection.fetch(TASKS, key)
    return {"summons": _summons(row) | {"tasks": [_task(*task) for task in tasks]}}


def _summons(row: asyncpg.Record) -> Json:
    district = {"code": row["district"], "name": row["district_name"]}
    town = {"code": row["town"], "name": row["town_name"], "parent": district}
    return {
        "id": _id("Summons", row["id"]),
        "number": row["number"],
        "title": row["title"],
        "category": row["category"],
        "state": row["state"],
        "issuedAt": row["issued_at"],
        "dueAt": row["due_at"],
        "issuer": {"code": row["village"], "name": row["village_name"], "parent": town},
    }


def _task(
    id: str, state: str, due: object, unit: str, unit_name: str, member: str | None, member_name: str
) -> Json:
    return {
        "id": _id("Task", id),
        "state": state,
        "dueAt": due,
        "unit": {"id": _id("Unit", unit), "name": unit_name},
        "responsible": {"id": _id("Member", member), "name": member_name} if member else None,
    }


async def newest(database: asyncpg.Pool, variables: Variables) -> Json:
    async with database.acquire() as connection:
        rows = await connection.fetch(NEWEST, variables["town"], variables["state"], FIRST + 1)
        tasks: dict[str, list[Json]] = defaultdict(list)
        for summons, state, unit in await connection.fetch(TASKS_OF, [row[0] for row in rows[:FIRST]]):
            tasks[summons].append({"state": state, "unit": {"name": unit}})
    edges = [_edge(row, tasks[row[0]]) for row in rows[:FIRST]]
    end = edges[-1]["cursor"] if edges else None
    return {"summonses": {"edges": edges, "pageInfo": {"hasNextPage": len(rows) > FIRST, "endCursor": end}}}


def _edge(row: asyncpg.Record, tasks: list[Json]) -> Json:
    id, title, state, issued, listed, village = row
    node = {
        "id": _id("Summons", id),
        "title": title,
        "state": state,
        "issuedAt": issued,
        "issuer": {"name": village},
    }
    cursor = _packed(b'["summonses:ISSUED_DESC","%s","%s"]' % (listed.isoformat().encode(), id.encode()))
    return {"cursor": cursor, "node": node | {"tasks": tasks}}


async def tree(database: asyncpg.Pool, variables: Variables) -> Json:
    district, *rows = await database.fetch(TREE, variables["code"])
    below: dict[str, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        below[row[1]].append(row)
    towns = [{"name": town[2], "villages": _villages(town, below)} for town in below[district[0]]]
    return {"area": {"name": district[2], "towns": towns}}


def _villages(town: asyncpg.Record, below: Mapping[str, list[asyncpg.Record]]) -> list[Json]:
    return [
        {"name": village[2], "grids": [{"name": grid[2]} for grid in below[village[0]]]}
        for village in below[town[0]]
    ]


async def figures(database: asyncpg.Pool, variables: Variables) -> Json:
    since = clock.start_of_day(date.fromisoformat(variables["from"]))
    until = clock.end_of_day(date.fromisoformat(variables["to"])) - datetime.resolution
    names = ("issued", "due", "resolved", "closingRate")
    villages = [
        {"code": code, "name": name, "statistics": dict(zip(names, numbers, strict=True))}
        for code, name, *numbers in await database.fetch(FIGURES, variables["town"], since, until)
    ]
    return {"area": {"villages": villages}}


async def accept(database: asyncpg.Pool, variables: Variables) -> Json:
    row = await database.fetchrow(ACCEPT, variables["task"], variables["actor"])
    id, state, path, at, number, title = row
    await _tell(path, {"type": "task.accepted", "at": at, "summons": {"number": number, "title": title}})
    return {"acceptTask": {"task": {"id": _id("Task", id), "state": state}, "problems": []}}


listeners: dict[str, list[WebSocket]] = defaultdict(list)


async def _tell(path: str, event: Json) -> None:
    """Everybody who listens to the area or one around it; the text is made once, all subscriptions being named 1."""
    message = {"id": "1", "type": "next", "payload": {"data": {"taskUpdates": {"event": event}}}}
    heard = [socket for code in path.split(".") for socket in listeners.get(code, ())]
    text = orjson.dumps(message).decode() if heard else ""
    for socket in heard:
        await socket.send_text(text)


async def listen(socket: WebSocket) -> None:
    """graphql-transport-ws, as far as one subscription needs it."""
    await socket.accept("graphql-transport-ws")
    await socket.receive_text()
    await socket.send_text('{"type":"connection_ack"}')
    area = orjson.loads(await socket.receive_text())["payload"]["variables"]["area"]
    listeners[area].append(socket)
    try:
        await socket.receive_text()
    except WebSocketDisconnect:
        listeners[area].remove(socket)


def _id(type: str, key: str) -> str:
    return _packed(f"{type}:{key}".encode())


def _packed(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


ANSWERS: dict[str, Callable[[asyncpg.Pool, Variables], Awaitable[Json]]] = {
    "Summons": summons,
    "Newest": newest,
    "Tree": tree,
    "Figures": figures,
    "Accept": accept,
}


async def graphql(request: Request) -> Response:
    asked = orjson.loads(await request.body())
    answer = await ANSWERS[asked["operationName"]](request.app.state.database, asked["variables"])
    return Response(orjson.dumps({"data": answer}), media_type="application/json")


async def healthz(request: Request) -> Response:
    return Response(b'{"status":"ok"}')


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=4, max_size=8) as database:
        app.state.database = database
        yield


app = Starlette(
    routes=[
        Route("/graphql", graphql, methods=["POST"]),
        Route("/healthz", healthz),
        WebSocketRoute("/graphql", listen),
    ],
    lifespan=lifespan,
)
