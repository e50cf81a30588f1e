"""Backups of the embedded database, by SQLite's own copying of a live one, page by page in one read transaction."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from actions.epochs import begin_epoch
from baodao.backup.contents import NOTED, BackupError, draft_of, require_known, require_ours
from baodao.database import database, migrate, sqlite_path


def back_up(url: str, file: Path) -> None:
    source = Path(sqlite_path(url))
    if not source.is_file():
        raise BackupError(f"there is no database {source}")
    with draft_of(file) as draft:
        _copy(source, draft, "PRAGMA journal_mode = DELETE")  # so that one file is all there is
        _require_sound(draft, source)


def restore(url: str, file: Path) -> None:
    """The database is ours alone all the while; its last moment of being as it was ends with one transaction."""
    target = Path(sqlite_path(url))
    require_known(file, _require_sound(file, file))
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".restored-") as folder, _alone(target) as live:
        ready = Path(folder) / "baodao.db"
        _copy(file, ready)
        asyncio.run(_renew(f"sqlite://{ready}"))
        _copy_into(live, ready)


def is_used(url: str) -> bool:
    """Raises BackupError when it is not a database, or not ours."""
    target = Path(sqlite_path(url))
    if not target.exists():
        return False
    try:
        with closing(_opened(target)) as connection:
            tables = _tables(connection)
            if tables:
                require_ours(target, tables)
            return bool(tables) and connection.execute("SELECT 1 FROM area").fetchone() is not None
    except sqlite3.DatabaseError as broken:
        raise _unusable(target) from broken


async def _renew(url: str) -> None:
    try:
        await migrate(url)
    except Exception as failed:
        raise BackupError(
            f"nothing was restored: the backup cannot be brought up to date: {failed}"
        ) from failed
    async with database(url):
        await begin_epoch()


def _copy(source: Path, target: Path, *afterwards: str) -> None:
    with closing(sqlite3.connect(target)) as copy:
        _copy_into(copy, source)
        for statement in afterwards:
            copy.execute(statement)


def _copy_into(target: sqlite3.Connection, source: Path) -> None:
    """Its whole content in one transaction. Raises BackupError."""
    try:
        with closing(_opened(source)) as connection:
            connection.backup(target)
    except sqlite3.Error as failed:
        raise BackupError(f"{source.name} cannot be copied: {failed}") from failed


def _require_sound(file: Path, named: Path) -> set[str]:
    """The migrations noted in it. Raises BackupError unless it is a whole database of ours."""
    try:
        with closing(_opened(file)) as connection:
            [(verdict,), *_] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            tables = _tables(connection)
            noted = connection.execute(f"SELECT name FROM {NOTED}").fetchall() if NOTED in tables else []
    except sqlite3.DatabaseError as broken:
        raise BackupError(f"{named} is no whole SQLite database: {broken}") from broken
    if verdict != "ok":
        raise BackupError(f"{named} is damaged: {verdict.splitlines()[-1]}")
    require_ours(named, tables)
    return {name for (name,) in noted}


@contextmanager
def _alone(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection beside which there is no other, of any process: SQLite leaves its write-ahead log only then."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        try:
            for statement in ALONE:
                connection.execute(statement)
        except sqlite3.DatabaseError as refused:
            raise _unusable(file, refused.sqlite_errorcode) from refused
        yield connection


ALONE = ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = DELETE", "BEGIN EXCLUSIVE", "COMMIT")


def _unusable(file: Path, code: int | None = None) -> BackupError:
    if code == sqlite3.SQLITE_BUSY:
        return BackupError(f"{file} is in use: stop the service first")
    return BackupError(f"{file} is no usable database of baodao: move it away first")


def _opened(file: Path) -> sqlite3.Connection:
    """One that is there already."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=10)


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
