"""The migrations lead to exactly the tables that the models describe, on both databases."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from conftest import on_server
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationTarget
from tortoise.migrations.operations import AlterModelOptions  # for a one-to-one key it is never satisfied

from baodao.database import APPS, _Migrations, database, migrate
from models import (
    CalendarDay,
    Export,
    FollowUp,
    FollowUpGroup,
    Grant,
    Honour,
    LogEpoch,
    Notice,
    Publication,
    SlaClock,
    Tally,
    WorkOrder,
)
from models.fields import PathField
from models.orphans import index_what_lives

TABLES = """
SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, collation_name
FROM information_schema.columns WHERE table_schema = 'public'
"""
INDEXES = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
CONSTRAINTS = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 't'
"""
OWN_BOOKS = "tortoise_migrations"


async def described(url: str) -> None:
    """Make the tables straight from the models, and the indexes that no model can tell of."""
    async with database(url):
        await Tortoise.generate_schemas()
        await index_what_lives()


def sqlite_schema(file: Path) -> set[str]:
    with sqlite3.connect(file) as connection:
        rows = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type != 'trigger' AND sql IS NOT NULL AND tbl_name != ?",
            [OWN_BOOKS],
        )
        without_comments = [re.sub(r"/\*.*?\*/", "", sql, flags=re.DOTALL) for (sql,) in rows]
    return {_sorted(" ".join(sql.split())) for sql in without_comments if "sqlite_sequence" not in sql}


def _sorted(sql: str) -> str:
    """Its columns and constraints by name: a migration can only add a column at the end."""
    head, _, body = sql.removesuffix(")").partition("(")
    parts = re.split(r" ?, ?(?![^(]*\))", body) if sql.startswith("CREATE TABLE") else [body]
    return f"{head}({', '.join(sorted(part.strip() for part in parts))})"


async def postgres_schema(url: str) -> set[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        rows = [row for query in (TABLES, INDEXES, CONSTRAINTS) for row in await connection.fetch(query)]
    finally:
        await connection.close()
    return {tuple(row) for row in rows if row[0] != OWN_BOOKS}


@pytest.fixture
def two_databases(postgres_database: str) -> Iterator[tuple[str, str]]:
    """Empty ones on the server."""
    urls = [f"{postgres_database}_{name}" for name in ("migrated", "described")]
    for url in urls:
        asyncio.run(on_server(f'CREATE DATABASE "{url.rpartition("/")[2]}"'))
    yield urls[0], urls[1]
    for url in urls:
        asyncio.run(on_server(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)'))


async def test_on_sqlite_the_migrations_lead_to_what_the_models_say(tmp_path):
    migrated, wanted = tmp_path / "migrated.db", tmp_path / "described.db"
    await migrate_twice(f"sqlite://{migrated}")
    await described(f"sqlite://{wanted}")
    assert sqlite_schema(migrated) == sqlite_schema(wanted)


async def migrate_twice(url: str) -> None:
    """The second time changes nothing."""
    await migrate(url)
    before = await furniture(url)
    await migrate(url)
    assert await furniture(url) == before
    assert before[1] > 500


async def furniture(url: str) -> tuple[str, int]:
    """What a fresh installation holds: the log's epoch and how many days of the calendar."""
    async with database(url):
        return (await LogEpoch.get(id=1)).epoch, await CalendarDay.all().count()


async def test_on_postgres_the_migrations_lead_to_what_the_models_say(two_databases):
    migrated, wanted = two_databases
    await migrate_twice(migrated)
    await described(wanted)
    found = await postgres_schema(migrated)
    assert found == await postgres_schema(wanted)
    collated = {(row[0], row[1]) for row in found if len(row) == 7 and row[6] == "C"}
    assert collated == path_columns()


def path_columns() -> set[tuple[str, str]]:
    """Every column that a subtree is looked up by."""
    models = Tortoise.apps["models"].values()
    return {
        (model._meta.db_table, column)
        for model in models
        for column, field in model._meta.fields_map.items()
        if isinstance(field, PathField)
    }


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a single table."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path / 'new.db'}"
    url: str = request.getfixturevalue("two_databases")[0]
    return url


async def test_an_upgrade_keeps_what_is_there(empty_url):
    async with database(empty_url):
        first = _Migrations(Tortoise.get_connection("default"), APPS)
        await first.migrate([MigrationTarget("models", "0001_initial")])
        for statement in ROWS_OF_THE_FIRST_VERSION:
            await Tortoise.get_connection("default").execute_query(statement)
    await migrate(empty_url)
    async with database(empty_url):
        [grant] = await Grant.all().prefetch_related("member")
        assert (grant.member.login, grant.member.service_since) == ("old.hand", None)
        assert (grant.role, grant.revoked_at, grant.principal_id) == ("observer", None, None)
        assert await Tally.all().values_list("path", "state", "number") == [("44.", "AWAITING_FOLLOWUP", 1)]
        assert await FollowUpGroup.all().values_list("path", "version") == [("44.", 1)]
        [followup] = await FollowUp.all()
        assert (followup.summons_id, followup.state, followup.round, followup.reasons) == (
            "s",
            "PLANNED",
            2,
            [],
        )
        assert (followup.path, followup.due_at.isoformat()) == ("44.", "2026-02-01T00:00:00+00:00")


async def test_orders_that_were_done_before_there_was_a_clock_have_waited_long_enough(empty_url):
    async with database(empty_url):
        before = _Migrations(Tortoise.get_connection("default"), APPS)
        await before.migrate([MigrationTarget("models", "0020_metric_snapshots")])
        for statement in (*ROWS_OF_THE_FIRST_VERSION[:2], *ORDERS_WITHOUT_A_CLOCK):
            await Tortoise.get_connection("default").execute_query(statement)
    await migrate(empty_url)
    async with database(empty_url):
        [clock] = await SlaClock.all()
        assert (clock.kind, clock.order_id, clock.request_id, clock.stage) == ("ORDER_VERIFY", "o", "r", 0)
        assert clock.due_at == clock.next_at
        done_by = {order.id: order.done_by_id for order in await WorkOrder.all()}
        assert done_by == {"o": "m", "p": None}
        due = {order.id: order.due_at for order in await WorkOrder.all()}
        assert due == {"o": clock.due_at, "p": None}
        assert clock.due_at.isoformat() == "2026-02-01T00:00:00+00:00"


ROWS_OF_THE_FIRST_VERSION = (
    "INSERT INTO area (code, path, depth, level, name) VALUES ('44', '44.', 1, 'PROVINCE', '广东省')",
    "INSERT INTO member (id, login, name, area_id, area_path, official, created_at, version) "
    "VALUES ('m', 'old.hand', '老成员', '44', '44.', '0', '2026-01-01 00:00:00+00:00', 1)",
    "INSERT INTO role_grant (id, role, level, path, since, reason, version, area_id, member_id) "
    "VALUES ('g', 'observer', 'PROVINCE', '44.', '2026-01-01 00:00:00+00:00', '', 1, '44', 'm')",
    "INSERT INTO summons (id, number, issuer_id, path, title, text, category, tier, state, target_ids, round, version, "
    "joint, gate_returned, resolved, closed_unresolved, followup_skipped, created_at, listed_at, updated_at) "
    "VALUES ('s', '44-1', '44', '44.', '', '', 'ECONOMY', 'NORMAL', 'AWAITING_FOLLOWUP', '[]', 2, 1, "
    "'0', '0', '0', '0', '0', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00')",
    "INSERT INTO sla_clock (id, summons_id, kind, unit, started_at, due_at, stage) "
    "VALUES ('c', 's', 'FOLLOWUP', 'WORKDAY', '2026-01-01 00:00:00+00:00', '2026-02-01 00:00:00+00:00', 0)",
    "INSERT INTO followup_group (id, area_id, name) VALUES ('f', '44', '回访小组')",
)


async def test_stars_and_notices_of_before_are_kept(empty_url):
    async with database(empty_url):
        before = _Migrations(Tortoise.get_connection("default"), APPS)
        await before.migrate([MigrationTarget("models", "0020_metric_snapshots")])
        for statement in (ROWS_OF_THE_FIRST_VERSION[0], *A_PUBLISHED_MONTH):
            await Tortoise.get_connection("default").execute_query(statement)
    await migrate(empty_url)
    async with database(empty_url):
        [honour] = await Honour.all()
        assert (honour.id, honour.publication_id, honour.area_id, honour.path) == ("h", "p", "44", "44.")
        assert (honour.month.isoformat(), honour.place, honour.flags, honour.ground) == (
            "2026-02-01",
            1,
            3,
            None,
        )
        [notice] = await Notice.all()
        assert (notice.kind, notice.grid_id, notice.occurrence, notice.text, notice.decided_at) == (
            "BOTTOM_TWO",
            "44",
            2,
            None,
            None,
        )


A_PUBLISHED_MONTH = (
    "INSERT INTO publication (id, area_id, path, month, edition, state, published, figures, requests, orders, flags, "
    "commitments, commitments_kept, round, created_at, updated_at, version) VALUES ('p', '44', '44.', '2026-02-01', 1, "
    "'PUBLISHED', '1', '[]', 0, 0, 0, 0, 0, 1, '2026-03-02 00:00:00+00:00', '2026-03-02 00:00:00+00:00', 1)",
    "INSERT INTO honour (id, publication_id, shown_as, month, place, flags) "
    "VALUES ('h', 'p', '陈＊＊', '2026-02-01', 1, 3)",
    "INSERT INTO notice (id, kind, publication_id, area_id, path, grid_id, occurrence, issued_at, version) "
    "VALUES ('n', 'BOTTOM_TWO', 'p', '44', '44.', '44', 2, '2026-03-02 00:00:00+00:00', 1)",
)

_THEN = "'2026-02-01 00:00:00+00:00'"
_ORDER = (
    "INSERT INTO work_order (id, request_id, path, mode, text, assignee_id, state, round, evidence, done_at, "
    "created_at, updated_at, version) VALUES ('{}', 'r', '44.', 'CLAIMABLE', '', 'm', '{}', 1, '[]', {}, {}, {}, 1)"
)
ORDERS_WITHOUT_A_CLOCK = (
    "INSERT INTO request (id, number, area_id, path, channel, text, state, withdrawn, escalation_level, round, "
    "created_at, updated_at, version) "
    f"VALUES ('r', 'R1', '44', '44.', 'VISIT', '', 'ORDERED', '0', 0, 1, {_THEN}, {_THEN}, 1)",
    _ORDER.format("o", "DONE", _THEN, _THEN, _THEN),
    _ORDER.format("p", "OPEN", "NULL", _THEN, _THEN),
)


async def test_what_was_corrected_before_there_were_causes_has_another_one(empty_url):
    async with database(empty_url):
        former = _Migrations(Tortoise.get_connection("default"), APPS)
        await former.migrate([MigrationTarget("models", "0020_metric_snapshots")])
        for statement in (ROWS_OF_THE_FIRST_VERSION[0], *ROWS_WITHOUT_CAUSES):
            await Tortoise.get_connection("default").execute_query(statement)
    await migrate(empty_url)
    async with database(empty_url):
        assert await Publication.all().values_list("cause", "reason") == [("OTHER", "漏计。")]
        assert await Export.all().values_list("rights", "ledger") == [("", "areas")]


ROWS_WITHOUT_CAUSES = (
    ROWS_OF_THE_FIRST_VERSION[1],
    "INSERT INTO publication (id, area_id, path, month, edition, reason, state, published, figures, requests, orders, "
    "flags, commitments, commitments_kept, round, created_at, updated_at, version) VALUES ('p', '44', '44.', "
    "'2026-01-01', 2, '漏计。', 'PUBLISHED', '1', '[]', 0, 0, 0, 0, 0, 1, '2026-02-01 00:00:00+00:00', "
    "'2026-02-01 00:00:00+00:00', 1)",
    "INSERT INTO export (id, member_id, ledger, format, area_id, path, asked, state, attempts, rows_done, bytes, "
    "created_at, version) VALUES ('e', 'm', 'areas', 'CSV', '44', '44.', '{}', 'QUEUED', 0, 0, 0, "
    "'2026-02-01 00:00:00+00:00', 1)",
)


async def test_no_migration_is_missing(sqlite_db):
    missing = await MigrationAutodetector(Tortoise.apps, APPS).changes()
    operations = [operation for writer in missing for operation in writer.operations]
    assert [vars(operation) for operation in operations if not isinstance(operation, AlterModelOptions)] == []


async def test_a_failed_migration_leaves_no_half_tables(tmp_path):
    file = tmp_path / "baodao.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE task (stranger TEXT)")
    with pytest.raises(Exception, match="already exists"):
        await migrate(f"sqlite://{file}")
    assert "CREATE TABLE task (stranger TEXT)" in sqlite_schema(file)
    assert not any("role_grant" in sql for sql in sqlite_schema(file))
