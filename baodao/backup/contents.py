"""What a backup of ours holds, whatever the database; and how a new file takes its name only when it is whole."""

import inspect
import os
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from pkgutil import iter_modules

from tortoise.models import Model

import models
import models.migrations

NOTED = "tortoise_migrations"
SIGNS = {"log_epoch", "event", "summons", NOTED}
"""The tables of every version, by which a database is known to be ours."""


class BackupError(OSError):
    """A backup cannot be made or restored; the message is one line for the operator."""


def require_ours(named: Path | str, tables: Set[str]) -> None:
    """Raises BackupError unless these are the tables of some version of baodao."""
    if not tables >= SIGNS:
        raise BackupError(f"{named} does not come from baodao")


def require_known(file: Path, migrations: Set[str]) -> None:
    """Raises BackupError unless they are of this version or an older one."""
    known = {module.name for module in iter_modules(models.migrations.__path__)}
    if newer := sorted(migrations - known):
        raise BackupError(f"{file} is of a newer version of baodao (it has {newer[0]}): upgrade first")


def our_tables() -> set[str]:
    """Of this version."""
    found = (kind for _, kind in inspect.getmembers(models, inspect.isclass) if issubclass(kind, Model))
    return {NOTED, *(kind._meta.db_table for kind in found)}


@contextmanager
def draft_of(file: Path) -> Iterator[Path]:
    """A file that is renamed to `file` once the block has ended well, and deleted otherwise; only we can read it."""
    if file.exists():
        raise BackupError(f"{file} is there already: an older backup is never written over")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    try:
        yield draft
        _to_disk(draft)
        draft.rename(file)
        _to_disk(file.parent)
    finally:
        draft.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
