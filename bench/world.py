"""A scratch database on PostgreSQL: a million summonses in a thousand villages, and thirty thousand grants."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tortoise import Tortoise

from baodao.database import database, furnish
from bench.made_up import districts, towns, villages

SERVER = os.environ.get("BAODAO_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
SUMMONSES = int(os.environ.get("BAODAO_BENCH_SUMMONSES", "1000000"))
UNITS, MEMBERS, GRANTS = 2_000, 20_000, 30_000


@asynccontextmanager
async def scratch() -> AsyncIterator[str]:
    """Its address; it is dropped at the end, whatever happens."""
    name = f"baodao_bench_{os.getpid()}"
    await _on_server(f'CREATE DATABASE "{name}"')
    try:
        url = f"{SERVER.rpartition('/')[0]}/{name}"
        async with database(url):
            await Tortoise.generate_schemas()
            await furnish()
            await _fill(url)
            yield url
    finally:
        await _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


async def _on_server(statement: str) -> None:
    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        await _enter_areas(connection)
        for statement in (UNIT, MEMBER, GRANT, SUMMONS, TASK, CO_ISSUER):
            await connection.execute(statement)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def _enter_areas(connection: asyncpg.Connection) -> None:
    levels = ("PROVINCE", "CITY", "DISTRICT", "TOWN", "VILLAGE")
    paths = ["44.", "44.4406.", *districts(), *towns(), *villages()]
    rows = []
    for path in paths:
        *above, code = path.split(".")[:-1]
        rows.append((code, code, levels[len(above)], above[-1] if above else None, path, len(above) + 1))
    columns = ["code", "name", "level", "parent_id", "path", "depth"]
    await connection.copy_records_to_table("area", records=rows, columns=columns)
    await connection.execute(
        "CREATE TABLE place AS SELECT path, code, parent_id, row_number() OVER (ORDER BY path) - 1"
        " AS number FROM area WHERE level = 'VILLAGE'"
    )
    await connection.execute("CREATE UNIQUE INDEX ON place (number)")


COUNT = len(villages())
UNIT = f"""
INSERT INTO unit (id, name, kind, level, line, home_area_id, territory, summonable, created_at, version)
SELECT 'u' || n, 'unit ' || n, 'TOWN_OFFICE', 'TOWN', 'u' || n || '.', town.code, town.path, true, now(), 1
FROM generate_series(0, {UNITS - 1}) n
JOIN (SELECT code, path, row_number() OVER (ORDER BY path) - 1 AS number FROM area WHERE level = 'TOWN') town
ON town.number = n % {len(towns())}"""
MEMBER = f"""
INSERT INTO member (id, login, name, unit_id, area_id, area_path, official, created_at, version)
SELECT 'm' || n, 'm' || n, 'member ' || n, 'u' || n % {UNITS}, place.code, place.path, true, now(), 1
FROM generate_series(0, {MEMBERS - 1}) n JOIN place ON place.number = n % {COUNT}"""
GRANT = f"""
INSERT INTO role_grant (id, member_id, role, area_id, unit_id, level, path, since, reason, version)
SELECT 'g' || n, 'm' || n % {MEMBERS}, one.role,
    CASE one.level WHEN 'VILLAGE' THEN place.code WHEN 'TOWN' THEN place.parent_id END,
    CASE one.level WHEN 'UNIT' THEN 'u' || n % {UNITS} END, one.level,
    CASE one.level WHEN 'VILLAGE' THEN place.path WHEN 'TOWN' THEN town.path ELSE 'u' || n % {UNITS} || '.' END,
    now() - interval '1 day', '', 1
FROM generate_series(0, {GRANTS - 1}) n
JOIN place ON place.number = n % {COUNT} JOIN area town ON town.code = place.parent_id
JOIN (VALUES (0, 'village_secretary', 'VILLAGE'), (1, 'village_cadre', 'VILLAGE'), (2, 'unit_liaison', 'UNIT'),
    (3, 'responsible_member', 'UNIT'), (4, 'unit_head', 'UNIT'), (5, 'grid_worker', 'VILLAGE'),
    (6, 'resident', 'VILLAGE'), (7, 'town_coordinator', 'TOWN'), (8, 'observer', 'TOWN'), (9, 'resident', 'VILLAGE')
) AS one(number, role, level) ON one.number = (n / 7) % 10"""
SUMMONS = f"""
INSERT INTO summons (id, number, issuer_id, path, title, text, category, tier, state, target_ids, joint, lead_unit_id,
    gate_returned, resolved, closed_unresolved, followup_skipped, round, created_at, issued_at, listed_at, updated_at,
    version)
SELECT 's' || lpad(n::text, 25, '0'), 'N' || n, place.code, place.path, 'summons ' || n, repeat('words ', 40),
    'LIVING_ENVIRONMENT', 'NORMAL', (ARRAY['IN_PROGRESS', 'CLOSED', 'CLOSED', 'ARCHIVED'])[n % 4 + 1], '[]', n % 50 = 0,
    'u' || (n * 7919::bigint) % {UNITS}, false, false, false, false, 1, moment, moment, moment, moment, 1
FROM generate_series(0, {SUMMONSES - 1}) n
JOIN place ON place.number = (n * 104729::bigint) % {COUNT},
LATERAL (SELECT timestamptz '2022-01-01' + n * interval '1 minute' AS moment) at"""
TASK = f"""
INSERT INTO task (id, summons_id, path, unit_id, territory, lead, state, responsible_id, accepted_late,
    escalation_level, round, reschedules, extensions, reworks, no_shows, failed_to_arrive, evaluation_defaulted,
    created_at, updated_at, version)
SELECT 't' || lpad(n::text, 25, '0'), summons.id, summons.path, summons.lead_unit_id, unit.territory, true, 'ASSIGNED',
    'm' || (n * 31::bigint) % {MEMBERS}, false, 0, 1, 0, 0, 0, 0, false, false, summons.created_at,
    summons.updated_at, 1
FROM generate_series(0, {SUMMONSES - 1}) n
JOIN summons ON summons.id = 's' || lpad(n::text, 25, '0') JOIN unit ON unit.id = summons.lead_unit_id"""
CO_ISSUER = f"""
INSERT INTO co_issuer (id, summons_id, area_id, path, state)
SELECT 'c' || lpad(n::text, 25, '0'), 's' || lpad(n::text, 25, '0'), place.code, place.path, 'SIGNED'
FROM generate_series(0, {SUMMONSES - 1}, 50) n JOIN place ON place.number = (n * 15485863::bigint) % {COUNT}"""
