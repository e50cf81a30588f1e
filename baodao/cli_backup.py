"""The commands `baodao backup` and `baodao restore`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from baodao.command import inside
from baodao.settings import settings
from models import Event
from policies.scopes import whole

NewFile = Annotated[Path, typer.Argument(dir_okay=False, help="A new file; none is ever written over.")]
OldFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Made by `baodao backup`.")]
Force = Annotated[bool, typer.Option("--force", help="Also over a database that holds data: all of it goes.")]


def backup(file: NewFile) -> None:
    """Copy the whole database into one file, as of one moment, beside a running service."""
    from baodao.backup import back_up

    back_up(settings().database_url, file)
    print(f"{file}: {file.stat().st_size:,} bytes.")


def restore(file: OldFile, force: Force = False) -> None:
    """Put a backup in the database's place, while no service runs; cursors given out before no longer hold."""
    from baodao.backup import restore as bring_back

    bring_back(settings().database_url, file, force)
    print(f"Restored: {asyncio.run(inside(_told))}. The log has a new epoch.")
    print("Whatever was revoked or disabled since that backup was made is in force again: look through it.")


async def _told() -> str:
    last = await whole(Event).all().order_by("-pos").first()
    number = await whole(Event).all().count()
    return f"{number:,} events, the last of {last.at:%Y-%m-%d %H:%M} UTC" if last else "no events"
