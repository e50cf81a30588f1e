"""The database behind the models: embedded SQLite, or PostgreSQL by URL; opened, closed and migrated here."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.schema_editor import BaseSchemaEditor, SqliteSchemaEditor

from actions.calendars import seed_calendar
from actions.packaged_rules import store_packaged_rules
from actions.remembered import forget_everything
from actions.sequencer import keep_vacuumed
from actions.tallies import keep_tallies
from actions.templates_of_area import store_packaged_templates
from baodao.settings import settings
from models import LogEpoch, migrations
from models.generations import count_generations
from models.kept import forget_kept
from models.orphans import index_what_lives
from models.rows import forget_texts
from models.seals import seal_tables

SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # else a power cut may lose commits that somebody was told of
    "busy_timeout": 10_000,
    "foreign_keys": "ON",
}
POOLED = {"minsize": 1, "statement_cache_size": 500}
IMPATIENT = {"timeout": 2.0, "command_timeout": 5.0}
"""Seconds after which a replica that does not connect or answer is given up: the primary can still be asked."""
INLINE = "sqlite+inline:"
APPS = {"models": {"models": ["models"], "migrations": "models.migrations", "default_connection": "default"}}


def tortoise_config(url: str, replica: str | None = None) -> dict[str, object]:
    """Tortoise's configuration for ``sqlite:///path/file.db``, ``sqlite://:memory:`` or ``postgres://…``."""
    return {
        "connections": {"default": _followed(url, replica) if replica else _connection(url)},
        "apps": APPS,
        "use_tz": True,
        "timezone": "UTC",
    }


def _followed(url: str, replica: str) -> dict[str, object]:
    primary, follower = (dict(_connection(one)["credentials"]) for one in (url, replica))  # type: ignore[call-overload]
    follower = IMPATIENT | follower | {"minsize": 0}  # else asyncpg fills the log for as long as it is down
    return {"engine": "models.replica", "credentials": primary | {"replica": follower}}


def _connection(url: str) -> dict[str, object]:
    if is_embedded(url):
        pragmas = {"file_path": sqlite_path(url), **SQLITE_PRAGMAS}
        if url.startswith(INLINE):
            return {"engine": "models.sqlite_inline", "credentials": {**pragmas, "synchronous": "NORMAL"}}
        return {"engine": "models.sqlite", "credentials": pragmas}
    scheme = {"postgresql": "asyncpg", "postgres": "asyncpg"}.get(urlsplit(url).scheme, urlsplit(url).scheme)
    expanded: dict[str, object] = expand_db_url(scheme + url[url.index(":") :])
    usual = {**POOLED, "maxsize": settings().pool_size, "reset": _leave_as_it_is}
    expanded["engine"] = "models.postgres"
    expanded["credentials"] = usual | dict(expanded["credentials"])  # type: ignore[call-overload]
    return expanded


async def _leave_as_it_is(connection: asyncpg.Connection) -> None:
    """asyncpg itself ends a transaction left open; nothing else of a session is used that would have to be undone.

    (A connection that failed may still plan anew each time, which changes no answer.)
    """


def is_embedded(url: str) -> bool:
    return url.startswith(("sqlite:", INLINE))


def inline(url: str) -> str:
    """The same database for a process that does nothing else meanwhile: faster, when it is SQLite.

    It does not wait for the disk with each commit: who is told of anything is told at the end.
    """
    return url.replace("sqlite:", INLINE, 1) if url.startswith("sqlite:") else url


def sqlite_path(url: str) -> str:
    return url.partition("://")[2]


_WRITTEN_FOR: list[bool] = []
"""Whether the last database that was opened here was embedded."""

TORTOISE_ORM = tortoise_config("sqlite://:memory:")  # tortoise -c baodao.database.TORTOISE_ORM makemigrations


async def migrate(url: str) -> None:
    """Bring the schema up to date and make sure that the log has an epoch. Running it again changes nothing."""
    async with database(url):
        await _Migrations(get_connection("default"), APPS).migrate([MigrationTarget("models", "__latest__")])
        await furnish()


async def is_up_to_date() -> bool:
    """Whether the open database has had all migrations that this program knows."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT name FROM tortoise_migrations WHERE app = 'models'"
    )
    wanted = {found.name for found in iter_modules(migrations.__path__)}
    return wanted <= {row["name"] for row in rows}


async def furnish() -> None:
    """What an empty schema needs before anything can happen in it: the log's epoch, the calendar, the rules,
    and what tasks are scored by.

    And what the database is to do by itself: seal what is only added to, count changes, keep the tallies, index live
    tasks, clean up.
    """
    await LogEpoch.get_or_create(id=1)
    await seed_calendar()
    await store_packaged_rules()
    await store_packaged_templates()
    await seal_tables()
    await count_generations()
    await keep_tallies()
    await index_what_lives()
    await keep_vacuumed()


@asynccontextmanager
async def database(url: str, replica: str | None = None) -> AsyncIterator[None]:
    """Connections for as long as the block runs, seen by every task of the process; each is made when first used."""
    if is_embedded(url):
        Path(sqlite_path(url)).parent.mkdir(parents=True, exist_ok=True)
    forget_everything()
    forget_kept()
    _forget_another_dialect(url)
    await Tortoise.init(config=tortoise_config(url, replica), _enable_global_fallback=True)
    try:
        yield
    finally:
        await Tortoise.close_connections()


def _forget_another_dialect(url: str) -> None:
    """SQL is kept as it was written for the last database, which may have been of the other kind."""
    if [is_embedded(url)] != _WRITTEN_FOR:
        forget_texts()
        EXECUTOR_CACHE.clear()
        _WRITTEN_FOR[:] = [is_embedded(url)]


class _Migrations(MigrationExecutor):
    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        if self.connection.capabilities.dialect == "sqlite":
            return _WholeStatements(self.connection, atomic=atomic, collect_sql=collect_sql)
        return super()._schema_editor(atomic, collect_sql)


class _WholeStatements(SqliteSchemaEditor):
    """Tortoise cuts a script at every semicolon, also at those in the comments made from docstrings."""

    async def _run_sql(self, sql: str) -> None:
        for statement in _statements(sql):
            await self.client.execute_query(statement)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for piece in script.strip().removesuffix(";").split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
