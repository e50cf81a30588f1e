"""More of the same on PostgreSQL: cases after the first period are copies of those in it, later and numbered on.

In Python a second is enough for a thousand summonses and all that belongs to them; PostgreSQL copies ten times as many.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tortoise.models import Model

from bench.cases import TABLES, step_of
from models import Evaluation, Event, SlaClock, Standing, Summons, Task
from models.fields import MomentField

SECONDARY = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema AND tablename = ANY($1)
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname) ORDER BY indexname"""
MOVED = "left({0}, 2) || lpad((substr({0}, 3)::bigint + {1} * copy * {2})::text, 24, '0')"
"""An id is two characters and a number, for each case one of a summons and two of tasks."""
CASES, TASKS, OF_EITHER = "1", "2", "CASE aggregate WHEN 'Task' THEN 2 ELSE 1 END"
KEYS: dict[type[Model], dict[str, str]] = {
    Summons: {"id": CASES},
    Task: {"id": TASKS, "summons_id": CASES},
    Event: {"id": OF_EITHER, "aggregate_id": OF_EITHER, "summons_id": CASES, "task_id": TASKS},
    Evaluation: {"id": TASKS, "summons_id": CASES, "task_id": TASKS},
    Standing: {"summons_id": CASES},
    SlaClock: {"id": TASKS, "summons_id": CASES, "task_id": TASKS},
}
NUMBER = "substr(id, 3)::bigint"
WORDS = {
    (Summons, "number"): "issuer_id || '-' || {number} + copy * {first}",
    (Summons, "title"): "replace(title, '第' || {number} || '号', '第' || {number} + copy * {first} || '号')",
    (SlaClock, "next_at"): "next_at",
}
"""What changes otherwise than by its type, or does not although its type would."""


async def copy_cases(connection: asyncpg.Connection, first: int, number: int) -> None:
    """Of the `first` cases, a whole period, make `number`."""
    await connection.execute("SET timezone = 'UTC'; SET maintenance_work_mem = '256MB'")
    async with _without_indexes(connection):
        for model in TABLES:
            await connection.execute(_copies(model, first, number), step_of(number) * first)


@asynccontextmanager
async def _without_indexes(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Those that keep nothing unique are made anew in the end: that is faster than to keep them up."""
    indexes = await connection.fetch(SECONDARY, [model._meta.db_table for model in TABLES])
    for name, _ in indexes:
        await connection.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        await connection.execute(definition)


def _copies(model: type[Model], first: int, number: int) -> str:
    """Each row as often as there are cases for it; $1 is the time between two copies."""
    columns = {f'"{field}"': _value(model, field, first) for field in written(model)}
    table, about = model._meta.db_table, "id" if model is Summons else "summons_id"
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
        f"FROM generate_series(1, {(number - 1) // first}) copy CROSS JOIN LATERAL (SELECT * FROM {table} "
        f"WHERE substr({about}, 3)::bigint + copy * {first} < {number}) one"
    )


def _value(model: type[Model], field: str, first: int) -> str:
    if words := WORDS.get((model, field)):
        return words.format(number=NUMBER, first=first)
    if factor := KEYS[model].get(field):
        return MOVED.format(field, first, factor)
    moment = isinstance(model._meta.fields_map[field], MomentField)
    return f'"{field}" + $1::interval * copy' if moment else f'"{field}"'


def written(model: type[Model]) -> list[str]:
    """The columns that the database does not number by itself."""
    meta = model._meta
    return [name for name in meta.fields_db_projection if name not in meta.generated_db_fields]
