"""The command `baodao export`: a ledger as a file, for whoever has the database."""

import asyncio
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from actions.exporting import Progress as Tell
from actions.exports import RUN
from baodao.cli_texts import fail
from baodao.command import inside
from baodao.exports import Wanted, write
from baodao.ledgers import CannotRead, table_of
from models import Area, ExportFormat, Member, NotFound, clock
from policies.actor import SYSTEM, Actor
from policies.facts import Facts
from policies.guard import require
from policies.loading import load_actor
from policies.scopes import whole
from resolvers.ledgers import LEDGERS

OPERATOR = "命令行"
OWNER_ALONE = 0o600
KNOWN = ", ".join(LEDGERS)


def export(
    ledger: Annotated[str, typer.Argument(help=f"Which list: {KNOWN}.")],
    area: Annotated[str, typer.Option(help="Code of the area, such as 440606, with everything below it.")],
    out: Annotated[Path, typer.Option(help="The file to write; one that is there is not written over.")],
    format: Annotated[
        ExportFormat, typer.Option(case_sensitive=False, help="What sort of file.")
    ] = ExportFormat.XLSX,
    filter: Annotated[
        str, typer.Option(help='What the list takes besides, as JSON: {"filter": {"state": ["CLOSED"]}}')
    ] = "{}",
    login: Annotated[
        str | None, typer.Option("--as", help="As this member may read it; else everything there is.")
    ] = None,
) -> None:
    """Write a list of an area into a file."""
    if ledger not in LEDGERS:
        raise typer.BadParameter(f"there is no ledger {ledger!r}, only {KNOWN}", param_hint="LEDGER")
    asked = _conditions(ledger, filter)
    if out.exists():
        fail(f"{out} is there already")
    with Progress(console=Console(stderr=True), transient=True) as bar:
        row = bar.add_task(ledger, total=None)

        async def tell(done: int, total: int | None) -> None:
            bar.update(row, completed=done, total=total)

        rows = asyncio.run(inside(lambda: _export(ledger, format, area, asked, login, out, tell)))
    print(f"{rows:,} rows in {out}")


def _conditions(ledger: str, text: str) -> dict[str, object]:
    try:
        asked = json.loads(text)
    except ValueError as odd:
        raise typer.BadParameter(f"no JSON: {odd}", param_hint="--filter") from odd
    known = table_of(ledger).arguments - {"area", "first", "after"}
    if not isinstance(asked, dict) or asked.keys() - known:
        raise typer.BadParameter(
            f"an object with {', '.join(sorted(known)) or 'nothing'} in it", param_hint="--filter"
        )
    return asked


async def _export(
    ledger: str,
    format: ExportFormat,
    code: str,
    asked: dict[str, object],
    login: str | None,
    out: Path,
    tell: Tell,
) -> int:
    """Under another name until it is whole. Nobody else can read it, as it may hold what only the caller may know."""
    area = await whole(Area).get_or_none(code=code)
    if area is None:
        raise NotFound("Area", "area")
    actor = await _reader(login, area)

    async def who() -> Actor:
        return actor

    number, name = mkstemp(".part", f".{out.name}.", out.parent)
    draft = Path(name)
    try:
        with os.fdopen(number, "w+b") as file, TemporaryDirectory() as own:
            wanted = Wanted(ledger, format, area, asked, who, actor.name or OPERATOR)
            rows = await write(wanted, file, Path(own), tell)
        _give_name(draft, out)
    except CannotRead as refused:
        fail(str(refused))
    finally:
        _forget(draft)
    return rows


def _forget(draft: Path) -> None:
    draft.unlink(missing_ok=True)


def _give_name(draft: Path, out: Path) -> None:
    """Unless somebody else made a file of that name meanwhile."""
    try:
        os.close(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))
    except FileExistsError:
        fail(f"{out} is there already")
    draft.replace(out)


async def _reader(login: str | None, area: Area) -> Actor:
    """Raises NotFound, and NotAllowed when the member may not export from the area."""
    if login is None:
        return SYSTEM
    member = await whole(Member).get_or_none(login=login)
    if member is None:
        raise NotFound("Member", "login")
    actor = await load_actor(member, clock.now())
    require(actor, *RUN, Facts(area_path=area.path))
    return actor
