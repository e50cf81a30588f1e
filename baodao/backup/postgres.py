"""Backups of PostgreSQL by its own pg_dump and pg_restore, in their custom format."""

import asyncio
import re
from pathlib import Path
from typing import NamedTuple

import asyncpg

from actions.epochs import counted_beyond, epoch_renewed
from baodao.backup.contents import NOTED, BackupError, draft_of, our_tables, require_known, require_ours
from baodao.backup.programs import credentials, output_of, require_version, run_as_one
from baodao.database import migrate

PLAIN = ("--no-owner", "--no-privileges", "--schema=public")
"""Only our own schema, whoever owns it there and here."""
PATIENCE = "SET LOCAL lock_timeout = '10s'"
DATA_OF = re.compile(r"^\d+; \d+ \d+ TABLE DATA public (\S+) ", re.MULTILINE)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
OTHERS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


class Server(NamedTuple):
    """What is there: PostgreSQL's version, the tables, whether they hold areas, and how many others are connected."""

    version: int
    tables: set[str]
    used: bool
    others: int


def back_up(url: str, file: Path) -> None:
    require_version("pg_dump", _server(url).version)
    with draft_of(file) as draft:
        output_of("pg_dump", "--format=custom", "--no-password", f"--file={draft}", url=url)
        _require_sound(draft, file)


def is_used(url: str) -> bool:
    """Raises BackupError when somebody else's tables bear our names."""
    server = _server(url)
    if server.tables & our_tables():
        require_ours("what the database holds", server.tables)
    return server.used


def restore(url: str, file: Path) -> None:
    """Old tables go, the backup's come and the log gets its epoch in one transaction; then it is migrated."""
    server = _server(url)
    require_version("pg_restore", server.version)
    tables = _require_sound(file, file)
    require_known(file, _migrations(file))
    if server.others:
        raise BackupError(f"{server.others} others are connected to the database: stop the services first")
    old = sorted(server.tables & (our_tables() | tables))
    drops = [f'DROP TABLE public."{table}" CASCADE' for table in old]
    counted = [counted_beyond()] if "generation" in tables else []
    run_as_one(
        [PATIENCE, *drops],
        ("pg_restore", "--clean", "--if-exists", *PLAIN, "--file=-", str(file)),
        ["SET LOCAL search_path = public", epoch_renewed(), *counted],
        url,
    )
    try:
        asyncio.run(migrate(url))
    except Exception as failed:
        raise BackupError(f"the backup is in its place, but is not up to date: {failed}") from failed


def _require_sound(file: Path, named: Path) -> set[str]:
    """The tables in it. Raises BackupError unless it can be read to its end, and is ours."""
    listed = output_of("pg_restore", "--list", str(file), named=f"{named} is no backup of PostgreSQL")
    tables = set(DATA_OF.findall(listed))
    output_of("pg_restore", "--file=/dev/null", str(file), named=f"{named} is damaged")
    require_ours(named, tables)
    return tables


def _migrations(file: Path) -> set[str]:
    """The names in the backup's own book of migrations, read from between COPY and its end."""
    words = ("--data-only", f"--table={NOTED}", "--file=-", str(file))
    copied = re.search(r"^COPY \S+ \((.*?)\).*?\n(.*?)^\\\.$", output_of("pg_restore", *words), ROWS)
    if copied is None:
        return set()
    column = copied[1].split(", ").index("name")
    return {line.split("\t")[column] for line in copied[2].splitlines()}


ROWS = re.MULTILINE | re.DOTALL


def _server(url: str) -> Server:
    return asyncio.run(_look(url))


async def _look(url: str) -> Server:
    connection = await asyncpg.connect(**credentials(url))
    try:
        tables = {row["tablename"] for row in await connection.fetch(TABLES)}
        used = "area" in tables and await connection.fetchval("SELECT EXISTS (SELECT FROM public.area)")
        others = await connection.fetchval(OTHERS)
        return Server(connection.get_server_version().major, tables, bool(used), others)
    finally:
        await connection.close()
