"""Backups: the whole database in one file, made while the service runs, and restored while it does not."""

from pathlib import Path

from baodao.backup import postgres, sqlite
from baodao.backup.contents import BackupError
from baodao.database import is_embedded


def back_up(url: str, file: Path) -> None:
    """Everything as of one moment, beside whoever writes, into a new file. Raises BackupError."""
    (sqlite if is_embedded(url) else postgres).back_up(url, file)


def restore(url: str, file: Path, force: bool = False) -> None:
    """Have what `file` holds, brought up to date, under a new epoch of the log; over other data only by `force`.

    Raises BackupError; until the backup is in its place, whatever goes wrong leaves the database as it was.
    """
    kind = sqlite if is_embedded(url) else postgres
    if kind.is_used(url) and not force:
        raise BackupError("the database holds data already; --force puts the backup in its place")
    kind.restore(url, file)
