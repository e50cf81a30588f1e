"""The commands of `baodao`."""

import asyncio
import gzip
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, TextIO, cast

import typer
import uvicorn
from rich.console import Console
from rich.progress import Progress

from actions.areas import check_areas, import_areas
from actions.member_sheets import check_members, import_members
from actions.open311 import check_requests, import_requests
from actions.sheets import Imported
from actions.sheets import Progress as Tell
from actions.unit_sheets import check_units, import_units
from baodao.cli_accounts import accounts
from baodao.cli_audit import audit
from baodao.cli_backup import backup, restore
from baodao.cli_policy import policies
from baodao.cli_webhooks import webhooks
from baodao.command import inside, span
from baodao.database import database, inline, is_embedded, migrate
from baodao.drain import REQUESTS_WITHIN
from baodao.front import front
from baodao.settings import BadSetting, settings
from models import NotFound
from policies.scopes import whole

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
tables = typer.Typer(
    no_args_is_help=True,
    help="Enter many areas, units or members from a CSV file (or .csv.gz), requests from JSON.",
)
app.add_typer(tables, name="import")
app.add_typer(accounts, name="account")
app.add_typer(policies, name="policy")
app.add_typer(audit, name="audit")
app.add_typer(webhooks, name="webhook")
app.command()(backup)
app.command()(restore)

ONE_MESSAGE = 1 << 20
READY_WITHIN = 30
"""Seconds a worker may take to start on a busy machine, before it is taken for dead and another one started."""

Host = Annotated[str | None, typer.Option(help="Address to listen on; default BAODAO_HOST or 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Default BAODAO_PORT or 8000.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes that answer; several need PostgreSQL.")]
File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="The table, .csv or .csv.gz, in UTF-8.")
]
Json = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="The list, .json or .json.gz, in UTF-8.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the file and count, but write nothing.")]


@app.command()
def serve(host: Host = None, port: Port = None, workers: Workers = 1) -> None:
    """Answer requests, run the timers, and send webhooks."""
    from baodao.logs import log_config

    chosen = settings()
    if is_embedded(chosen.database_url):
        if workers > 1:
            raise BadSetting(
                "SQLite serves one worker; for --workers set DATABASE_URL to a PostgreSQL database"
            )
        asyncio.run(migrate(chosen.database_url))  # so that the service begins with it done
    with _shared_figures() if workers > 1 else nullcontext():
        uvicorn.run(
            "baodao.asgi:app",
            host=host or chosen.host,
            port=port or chosen.port,
            workers=workers,
            timeout_worker_healthcheck=READY_WITHIN,
            server_header=False,
            ws_max_size=ONE_MESSAGE,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=REQUESTS_WITHIN,
            access_log=False,
            log_config=log_config(chosen.log),
            **front(chosen),
        )


@contextmanager
def _shared_figures() -> Iterator[None]:
    """A new folder in which each worker writes its figures down, so that any of them can tell of all."""
    with TemporaryDirectory(prefix="baodao-figures-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


@app.command()
def demo(
    port: Port = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder to keep the demo in; default BAODAO_DATA.")
    ] = None,
) -> None:
    """Play a district's history into an empty database, and serve it; from then on only serve it."""
    folder = (data or settings().folder).absolute()
    os.environ["BAODAO_DATA"] = str(folder)
    os.environ["DATABASE_URL"] = f"sqlite://{folder / 'baodao.db'}"
    settings.cache_clear()
    _prepare_demo(folder)
    for role, login, token in asyncio.run(inside(_demo_tokens)):
        print(f"{role:>18}  {login}\n{token}\n")
    serve(port=port)


def _prepare_demo(folder: Path) -> None:
    """Under another name until it is complete, so that an interrupted start is not taken for a demo."""
    kept, draft, mark = folder / "baodao.db", folder / "draft.db", folder / "demo"
    if kept.exists() and not mark.exists():
        raise BadSetting(f"{kept} is no demo; name another folder with --data")
    if kept.exists():
        return
    for left in folder.glob("draft.db*"):
        left.unlink()
    asyncio.run(_play_demo(inline(f"sqlite://{draft}")))
    mark.touch()
    draft.rename(kept)


async def _play_demo(url: str) -> None:
    from baodao.demo import load

    await migrate(url)
    async with database(url):
        with _bar() as bar:
            await load(_phases(bar))


async def _demo_tokens() -> list[tuple[str, str, str]]:
    """Role, login and token of some whom a visitor may play."""
    from baodao.auth import make_token
    from models import Grant

    shown = []
    for role in ("village_secretary", "unit_head", "town_coordinator", "district_org_dept"):
        holder = (
            await whole(Grant)
            .filter(role=role, member__login__isnull=False)
            .order_by("id")
            .first()
            .select_related("member")
        )
        if holder:
            login = str(holder.member.login)
            shown.append((role, login, make_token(settings(), login, timedelta(hours=12))))
    return shown


@app.command("migrate")
def bring_up_to_date() -> None:
    """Bring the database up to date; running it again changes nothing."""
    asyncio.run(migrate(settings().database_url))
    print("The database is up to date.")


@app.command()
def bootstrap(
    login: Annotated[
        str, typer.Argument(help="Of the first administrator; entered as a member when missing.")
    ],
    area: Annotated[str, typer.Option(help="Code of the district, such as 440606.")],
) -> None:
    """Appoint the first administrator of a district, who can then appoint the others."""
    from actions.bootstrap import bootstrap as appoint

    asyncio.run(inside(lambda: appoint(login, area)))
    print(f"{login} administers {area}. To sign in: baodao token {login}")


@app.command()
def token(
    login: Annotated[str, typer.Argument(help="Whom the token names.")],
    lasting: Annotated[str, typer.Option("--for", help="How long: 90s, 30m, 1h, 7d.")] = "1h",
) -> None:
    """Print a bearer token; not where tokens come from an identity provider."""
    from baodao.auth import make_token

    made = make_token(settings(), login, span(lasting))
    asyncio.run(inside(lambda: _require_login(login)))
    print(made)


async def _require_login(login: str) -> None:
    from models import Member

    if not await whole(Member).filter(login=login, disabled_at__isnull=True).exists():
        raise NotFound("Member", "login")


@app.command()
def schema() -> None:
    """Print the schema in GraphQL's own language."""
    from schema import schema as served

    print(served.as_str())


@app.command()
def tick() -> None:
    """Take every step that is due now, once."""
    from actions.tick import tick as take_due_steps

    print(f"{asyncio.run(inside(take_due_steps))} limits had fallen due.")


@tables.command()
def areas(file: File, dry_run: DryRun = False) -> None:
    """code,name,level,parent_code[,kind]"""
    _bring_in(file, check_areas if dry_run else import_areas)


@tables.command()
def units(file: File, dry_run: DryRun = False) -> None:
    """code,name,kind,level,parent_code,home_area,command_area,summonable"""
    _bring_in(file, check_units if dry_run else import_units)


@tables.command()
def members(file: File, dry_run: DryRun = False) -> None:
    """login,name,unit_code,area,title,rank,roles"""
    _bring_in(file, check_members if dry_run else import_members)


@tables.command()
def requests(file: Json, dry_run: DryRun = False) -> None:
    """Service requests of Open311 GeoReport v2, as a JSON array; jurisdiction_id is the code of a village or grid."""
    _bring_in(file, check_requests if dry_run else import_requests)


def _bring_in(file: Path, work: Callable[[Iterable[str], Tell], Awaitable[Imported]]) -> None:
    with _opened(file) as lines, _bar() as bar:
        imported = asyncio.run(inside(lambda: work(lines, _phase(bar, file.name))))
    print(f"{imported.rows:,} rows: {imported.new:,} new, {imported.rows - imported.new:,} known before.")


def _opened(file: Path) -> TextIO:
    opening = gzip.open if file.suffix == ".gz" else open
    return cast(TextIO, opening(file, "rt", encoding="utf-8-sig", newline=""))  # both give text for "rt"


def _bar() -> Progress:
    return Progress(console=Console(stderr=True), transient=True)


def _phase(bar: Progress, name: str) -> Tell:
    """A line of the bar."""
    row = bar.add_task(name, total=None)
    return lambda done, total: bar.update(row, completed=done, total=total)


def _phases(bar: Progress) -> Callable[[str, int, int], None]:
    """A line for each phase that is told of."""
    lines: dict[str, Tell] = {}

    def tell(phase: str, done: int, total: int) -> None:
        if phase not in lines:
            lines[phase] = _phase(bar, phase)
        lines[phase](done, total)

    return tell
