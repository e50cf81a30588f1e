"""Backups are whole whatever goes on beside them, and a failed restore has changed nothing; on real databases."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from asking import Town, open_town
from conftest import empty, on_server
from copied import BESIDE
from test_cli import Shell
from test_migrations import ROWS_OF_THE_FIRST_VERSION
from tortoise import Tortoise
from tortoise.migrations.executor import MigrationTarget
from world import MONDAY, everything

from actions.audit_proof import prove_audit
from baodao.backup import BackupError, back_up, restore, sqlite
from baodao.backup.programs import credentials
from baodao.database import APPS, _Migrations, database, is_embedded, sqlite_path
from models import AuditEntry, Event, Grant, LogEpoch, Tally, clock
from models.generations import generations

pytestmark = pytest.mark.long

Result = TypeVar("Result")
EVENTS = "query($after: Cursor) { events(first: 1, after: $after) { edges { cursor } } }"
RENEWED = ("LogEpoch", "Generation")
PROGRAMS = ("pg_dump", "pg_restore", "psql")


@pytest.fixture(autouse=True)
def client(request: pytest.FixtureRequest) -> None:
    """PostgreSQL's own programs; without them its tests are skipped, in CI they fail."""
    needed = "postgres" in request.node.name or "postgres_database" in request.fixturenames
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if needed and missing and not os.environ.get("CI"):
        pytest.skip(f"no {missing[0]}")


@pytest.fixture
def other_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """An empty database of the same kind."""
    if is_embedded(database_url):
        yield f"sqlite://{tmp_path / 'other' / 'baodao.db'}"
        return
    url = f"{database_url}_other"
    asyncio.run(on_server(f'CREATE DATABASE "{url.rpartition("/")[2]}"'))
    yield url
    asyncio.run(on_server(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)'))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "baodao.backup"


@pytest.fixture
def kept(file: Path, database_url: str) -> Path:
    """A backup of the small world with one issued summons."""
    file.parent.mkdir()
    inside(database_url, one_matter)
    back_up(database_url, file)
    return file


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data", database_url)


def inside(url: str, work: Callable[[], Awaitable[Result]]) -> Result:
    async def opened() -> Result:
        async with database(url):
            return await work()

    return asyncio.run(opened())


async def one_matter() -> None:
    async with open_town() as town:
        await town.issue("zr", "zf")
    for beside in BESIDE.values():
        beside.rest()


async def rows() -> dict[str, list[Any]]:
    """Of every table, but for what a restore renews."""
    found = (await everything()).items()
    return {name: sorted(some, key=str) for name, some in found if name not in RENEWED}


async def require_whole() -> int:
    """How many events there are: each aggregate's are numbered without a hole, and the audit chain tells them all."""
    versions: dict[str, list[int]] = defaultdict(list)
    for event in await Event.all().order_by("pos"):
        versions[event.aggregate_id].append(event.version)
    assert all(some == list(range(some[0], some[0] + len(some))) for some in versions.values())
    proof, number = await prove_audit(), await Event.all().count()
    assert (proof.broken, proof.entries) == (None, number)
    return number


def test_a_backup_beside_writers_is_of_one_moment(database_url, other_url, file):
    file.parent.mkdir()

    async def write_on(town: Town) -> None:
        while True:
            await town.issue("zr")

    async def beside() -> tuple[int, int]:
        async with open_town() as town:
            writers = [asyncio.create_task(write_on(town)) for _ in range(3)]
            await town.issue("zf")  # by then the others have begun
            before = await Event.all().count()
            await asyncio.to_thread(back_up, database_url, file)
            after = await Event.all().count()
            for writer in writers:
                writer.cancel()
            for writer in writers:
                with suppress(asyncio.CancelledError):
                    await writer
        return before, after

    before, after = inside(database_url, beside)
    restore(other_url, file)
    assert before <= inside(other_url, require_whole) <= after
    assert before < after


def test_what_is_restored_is_what_was_there_under_a_new_epoch(database_url, other_url, file):
    file.parent.mkdir()

    async def before() -> tuple[Any, ...]:
        async with open_town() as town:
            await town.issue("zr", "zf")
            cursor = (await town.ask("tianhu.secretary", EVENTS))["events"]["edges"][0]["cursor"]
            await asyncio.to_thread(back_up, database_url, file)
            return town.world, cursor, await rows(), await generations()

    async def after() -> None:
        assert await rows() == had
        jumps = {new - old for new, old in zip(await generations(), counted, strict=True)}
        assert len(jumps) == 1 and jumps.pop() > 0
        with clock.at(MONDAY) as time:
            town = Town(world, time)
            assert (await town.refused("tianhu.secretary", EVENTS, after=cursor))["code"] == "CURSOR_EXPIRED"
            await town.issue("zr")
            assert await tallied() == {"ISSUED": 2}
        with pytest.raises(Exception, match="never changed"):
            await AuditEntry.all().update(reason="another")
        await require_whole()

    world, cursor, had, counted = inside(database_url, before)
    assert file.stat().st_mode & 0o777 == 0o600
    restore(other_url, file)
    inside(other_url, after)


async def tallied() -> dict[str, int]:
    """How many summonses the database counts in each state."""
    counts = await Tally.filter(number__gt=0).values_list("state", "number")
    return {str(state): number for state, number in counts}


def test_a_database_in_use_is_only_restored_by_force(shell, database_url, kept):
    inside(database_url, lambda: Event.all().delete())
    without = inside(database_url, rows)
    [line] = shell.bad("restore", kept)
    assert line == "baodao: the database holds data already; --force puts the backup in its place"
    assert inside(database_url, rows) == without
    told = shell.good("restore", kept, "--force")
    assert "events, the last of 2026-03-02 01:00 UTC. The log has a new epoch." in told
    assert inside(database_url, require_whole) > 0


def test_nothing_is_restored_while_somebody_is_connected(database_url, kept):
    async def connected() -> str:
        await Event.all().count()
        with pytest.raises(BackupError) as refused:
            await asyncio.to_thread(restore, database_url, kept, True)
        await require_whole()
        return str(refused.value)

    said = inside(database_url, connected)
    assert said.endswith(
        ("is in use: stop the service first", "connected to the database: stop the services first")
    )


def test_an_older_backup_is_brought_up_to_date(database_url, other_url, file):
    file.parent.mkdir()

    async def as_it_was() -> None:
        executor = _Migrations(Tortoise.get_connection("default"), APPS)
        await executor.migrate([MigrationTarget("models", "0001_initial")])
        for statement in (*ROWS_OF_THE_FIRST_VERSION, "INSERT INTO log_epoch (id, epoch) VALUES (1, 'old')"):
            await Tortoise.get_connection("default").execute_query(statement)

    async def as_it_is() -> None:
        assert await Grant.all().values_list("role", "revoked_at", "principal_id") == [
            ("observer", None, None)
        ]
        assert await Tally.all().values_list("path", "state", "number") == [("44.", "AWAITING_FOLLOWUP", 1)]
        assert (await LogEpoch.get()).epoch != "old"

    inside(other_url, as_it_was)
    back_up(other_url, file)
    inside(database_url, one_matter)
    restore(database_url, file, force=True)
    inside(database_url, as_it_is)


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size * 3 // 4)


def of_nothing(file: Path) -> None:
    file.write_bytes(b"")


def of_words(file: Path) -> None:
    file.write_text("area,name\n" * 1_000)


BROKEN = [cut, of_nothing, of_words]


@pytest.mark.parametrize("breaking", BROKEN)
def test_a_broken_file_is_refused_and_nothing_has_changed(shell, database_url, kept, breaking):
    breaking(kept)
    refused_and_nothing_changed(shell, database_url, kept, f"{kept} ")


def refused_and_nothing_changed(shell: Shell, url: str, file: Path, complaint: str) -> None:
    """By one line."""
    had = inside(url, everything)
    [line] = shell.bad("restore", file, "--force")
    assert complaint in line
    assert inside(url, everything) == had
    assert {path.name for path in Path(sqlite_path(url)).parent.glob("*restored*")} == set()


def test_a_backup_of_a_newer_version_is_refused(shell, database_url, other_url, kept, file):
    def note(name: str) -> Callable[[], Awaitable[object]]:
        statement = f"UPDATE tortoise_migrations SET name = '{name}' WHERE name = '0001_initial'"
        return lambda: Tortoise.get_connection("default").execute_query(statement)

    restore(other_url, kept)
    inside(other_url, note("9999_times_to_come"))
    newer = file.with_name("newer")
    back_up(other_url, newer)
    refused_and_nothing_changed(shell, database_url, newer, "it has 9999_times_to_come): upgrade first")


def test_a_backup_that_cannot_be_brought_up_to_date_changes_nothing(sqlite_url, tmp_path):
    """Its last migration is not noted, and cannot be done twice."""
    odd = tmp_path / "odd"
    back_up(sqlite_url, odd)
    with sqlite3.connect(odd) as connection:
        connection.execute(
            "DELETE FROM tortoise_migrations WHERE id = (SELECT max(id) FROM tortoise_migrations)"
        )
    complaint = "nothing was restored: the backup cannot be brought up to date"
    refused_and_nothing_changed(Shell(tmp_path, sqlite_url), sqlite_url, odd, complaint)


def test_somebody_elses_database_is_no_backup(shell, database_url, other_url, kept, file):
    strange = file.with_name("strange")
    if is_embedded(database_url):
        with sqlite3.connect(strange) as connection:
            connection.execute("CREATE TABLE area (name TEXT)")
    else:
        subprocess.run(["psql", "-qc", "CREATE TABLE area (name TEXT)", other_url], check=True)
        subprocess.run(["pg_dump", "--format=custom", f"--file={strange}", other_url], check=True)
    refused_and_nothing_changed(shell, database_url, strange, "does not come from baodao")


def test_somebody_elses_database_is_not_written_over(database_url, other_url, kept):
    if is_embedded(database_url):
        strange = Path(sqlite_path(other_url))
        strange.parent.mkdir()
        with sqlite3.connect(strange) as connection:
            connection.execute("CREATE TABLE area (name TEXT)")
    else:
        subprocess.run(["psql", "-qc", "CREATE TABLE area (name TEXT)", other_url], check=True)
    with pytest.raises(BackupError, match="baodao"):
        restore(other_url, kept, force=True)


def test_a_backup_is_never_written_over_and_leaves_no_rests(shell, database_url, kept):
    was = kept.read_bytes()
    [line] = shell.bad("backup", kept)
    assert line.endswith("is there already: an older backup is never written over")
    [line] = shell.bad("backup", kept.parent / "nowhere" / "file")
    assert "No such file or directory" in line
    assert kept.read_bytes() == was
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert shell.good("backup", kept.with_name("second")).endswith(" bytes.\n")


def test_backups_of_the_other_kind_are_refused(sqlite_url, postgres_database, tmp_path):
    embedded, served = tmp_path / "embedded", tmp_path / "served"
    back_up(sqlite_url, embedded)
    back_up(postgres_database, served)
    with pytest.raises(BackupError, match="is no backup of PostgreSQL"):
        restore(postgres_database, embedded, force=True)
    with pytest.raises(BackupError, match="is no whole SQLite database"):
        restore(sqlite_url, served, force=True)


def test_an_embedded_database_must_be_there_and_readable(tmp_path, sqlite_url):
    with pytest.raises(BackupError, match="there is no database"):
        back_up(f"sqlite://{tmp_path / 'missing.db'}", tmp_path / "file")
    (tmp_path / "broken.db").write_text("no database" * 1_000)
    back_up(sqlite_url, tmp_path / "file")
    with pytest.raises(BackupError, match="move it away first"):
        restore(f"sqlite://{tmp_path / 'broken.db'}", tmp_path / "file", force=True)


def test_a_disk_that_is_full_leaves_an_embedded_database_as_it_was(sqlite_url, tmp_path):
    """The copy into place is what finds no room: the database may not have more pages than it has."""
    inside(sqlite_url, one_matter)
    back_up(sqlite_url, tmp_path / "kept")
    target = tmp_path / "small.db"
    with closing(sqlite3.connect(target)) as small, small:
        small.execute("CREATE TABLE stays (x)")
        small.execute("PRAGMA max_page_count = 2")
        with pytest.raises(BackupError, match="kept cannot be copied: database or disk is full"):
            sqlite._copy_into(small, tmp_path / "kept")
        assert [name for (name,) in small.execute("SELECT name FROM sqlite_master")] == ["stays"]


@pytest.fixture
def postgres_kept(postgres_database: str, tmp_path: Path) -> tuple[str, Path]:
    """Where, and a backup of it."""
    empty(postgres_database)
    inside(postgres_database, one_matter)
    back_up(postgres_database, tmp_path / "kept")
    return postgres_database, tmp_path / "kept"


def test_a_failure_half_way_leaves_the_server_as_it_was(postgres_kept, tmp_path):
    url, kept = postgres_kept
    strangers = "CREATE TABLE stranger (x int); CREATE TRIGGER strange AFTER INSERT ON stranger"
    strangers += " FOR EACH ROW EXECUTE FUNCTION count_generation()"
    subprocess.run(["psql", "-qc", strangers, url], check=True)
    try:
        refused_and_nothing_changed(
            Shell(tmp_path, url), url, kept, "nothing was restored: cannot drop function"
        )
    finally:
        subprocess.run(["psql", "-qc", "DROP TABLE stranger", url], check=True)


def test_programs_that_are_missing_or_old_are_named(postgres_database, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    shell = Shell(tmp_path, postgres_database)
    [line] = shell.bad("backup", tmp_path / "file")
    assert line.startswith("baodao: pg_dump is missing: install PostgreSQL's client")
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o700)
    [line] = shell.bad("backup", tmp_path / "file")
    assert line.startswith("baodao: pg_dump 9 is older than the server, PostgreSQL ")
    assert not (tmp_path / "file").exists()


def test_no_password_is_on_a_command_line_or_said(postgres_kept, tmp_path, monkeypatch):
    """What was run is noted by scripts of the programs' names, which go on to run them."""
    url, kept = postgres_kept
    noted = tmp_path / "noted"
    for program in PROGRAMS:
        script = tmp_path / "bin" / program
        script.parent.mkdir(exist_ok=True)
        script.write_text(f'#!/bin/sh\necho "$0 $*" >> {noted}\nexec {shutil.which(program)} "$@"\n')
        script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    shell = Shell(tmp_path, url.replace("postgres@", "postgres:geheim%25s@"))
    said = shell.good("backup", tmp_path / "new") + shell.good("restore", kept, "--force")
    said += str(
        shell.bad("backup", tmp_path / "other", DATABASE_URL="postgres://nobody:geheim%25s@127.0.0.1:1/x")
    )
    ran = noted.read_text()
    assert all(f"/{program} " in ran for program in PROGRAMS)
    assert "geheim" not in said + ran


def test_what_an_address_holds_reaches_the_programs():
    found = credentials("postgresql://me:a%2Fb%25@db.example:5433/town?ssl=true&maxsize=7")
    assert found == {"host": "db.example", "port": 5433, "user": "me", "password": "a/b%", "database": "town"}
