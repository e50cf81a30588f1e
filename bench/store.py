"""The district in a scratch database, on PostgreSQL or as an SQLite file."""

import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import asyncpg
from tortoise.connection import get_connection
from tortoise.models import Model

from actions.tallies import recount
from baodao.database import database, migrate
from bench.cases import Made, district_cases, fresh_cases, period, task_id
from bench.copies import copy_cases, written
from bench.district import areas, grants, members, units

SERVER = os.environ.get("BAODAO_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
PEERS = Path(__file__).parent / "peers.sql"
ON_THEIR_WAY = 512
AT_ONCE = 5_000
"""Cases that are held in memory together."""


@asynccontextmanager
async def on_postgres(summonses: int) -> AsyncIterator[str]:
    """The address of a database with the district, dropped in the end; one process each, so figures are comparable."""
    name = f"baodao_bench_{os.getpid()}_{summonses}"
    await _on_server(f'CREATE DATABASE "{name}"')
    try:
        await _on_server(f'ALTER DATABASE "{name}" SET max_parallel_workers_per_gather = 0')
        url = f"{SERVER.rpartition('/')[0]}/{name}"
        await migrate(url)
        await _fill(url, summonses)
        await execute(url, PEERS.read_text())
        await execute(url, "VACUUM ANALYZE")
        yield url
    finally:
        await _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


async def in_sqlite(folder: Path, summonses: int) -> str:
    """The address of a new file with the same rows."""
    url = f"sqlite://{folder / 'district.db'}"
    await migrate(url)
    await _fill(url, summonses)
    return url


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _on_server(statement: str) -> None:
    await execute(SERVER, statement)


async def _fill(url: str, summonses: int) -> None:
    """On PostgreSQL, whole periods after the first are its copies."""
    async with writing(url) as writer:
        for rows in (areas().values(), units().values(), members(), grants()):
            await writer.write(rows)
        made = min(summonses, period()) if writer.copy else summonses
        await writer.write_cases(islice(district_cases(summonses), made))
        if writer.copy and made < summonses:
            await copy_cases(writer.copy, made, summonses)


class Writer(NamedTuple):
    """Rows in bulk, past the checks of foreign keys. `copy`: PostgreSQL's own connection, None on SQLite."""

    copy: asyncpg.Connection | None

    async def write_cases(self, cases: Iterable[Made]) -> None:
        for some in _batches(cases):
            await self.write(chain.from_iterable(case.rows() for case in some))

    async def write(self, rows: Iterable[Model]) -> None:
        sorted_out: dict[type[Model], list[Model]] = {}
        for row in rows:
            sorted_out.setdefault(type(row), []).append(row)
        for model, some in sorted_out.items():
            await self._enter(model, some)

    async def _enter(self, model: type[Model], rows: list[Model]) -> None:
        if self.copy is None:
            await model.bulk_create(rows)
            return
        columns = written(model)
        fields = [model._meta.fields_map[name] for name in columns]
        records = [
            [field.to_db_value(getattr(row, field.model_field_name), row) for field in fields] for row in rows
        ]
        await self.copy.copy_records_to_table(model._meta.db_table, records=records, columns=columns)


def _batches(cases: Iterable[Made]) -> Iterator[list[Made]]:
    cases = iter(cases)
    while some := list(islice(cases, AT_ONCE)):
        yield some


@asynccontextmanager
async def writing(url: str) -> AsyncIterator[Writer]:
    async with database(url):
        if url.startswith("sqlite"):
            await get_connection("default").execute_script("PRAGMA foreign_keys = OFF")
            yield Writer(None)
            return
        connection = await asyncpg.connect(url)
        try:
            await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
            yield Writer(connection)
            await recount()  # the tallies' triggers slept too
        finally:
            await connection.close()


class Fresh:
    """Tasks that wait to be accepted, each handed out once; more are made as they are used up."""

    def __init__(self, url: str, summonses: int) -> None:
        self._url, self._next, self._end = url, summonses, summonses

    async def tasks(self, number: int) -> range:
        """Indices of so many cases whose tasks are `task_id(index)`; `used` says how many were really accepted."""
        missing = self._next + number - self._end
        if missing > 0:
            async with writing(self._url) as writer:
                await writer.write_cases(fresh_cases(self._end, missing))
            self._end += missing
        return range(self._next, self._next + number)

    async def used(self, handed: range) -> int:
        """How many of these are accepted by now.

        None up to the last of them is handed out again, nor those that may still be on their way when the load ends.
        """
        accepted = await self._accepted(handed)
        self._next = min(max(accepted, default=handed.start) + ON_THEIR_WAY, self._end)
        return len(accepted)

    async def _accepted(self, handed: range) -> list[int]:
        first, last = task_id(handed.start), task_id(handed.stop)
        query = f"SELECT id FROM task WHERE id >= '{first}' AND id < '{last}' AND state <> 'PENDING'"
        async with database(self._url):
            _, rows = await get_connection("default").execute_query(query)
        return [int(row["id"][1:]) // 2 for row in rows]
