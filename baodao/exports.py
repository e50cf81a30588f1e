"""The writer of exports: one process works off what was asked for, and deletes files whose time is over.

A ledger is read page by page into a file of its own, which then goes into the database piece by piece. When the process
dies, whoever leads next begins that export anew.
"""

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import orjson

from actions.export_links import LINKS
from actions.exporting import (
    GIVEN_UP,
    Progress,
    begin,
    expire_exports,
    fail,
    finish,
    keep,
    note_rights,
    progress_of,
    unfinished,
)
from actions.exports import require_right
from baodao.database import is_embedded
from baodao.leader import lead, lead_beside
from baodao.ledgers import read, rights_held, table_of
from baodao.settings import settings
from baodao.sheets import LOCAL, SHEETS
from models import Area, Export, ExportFormat, Member, NotAllowed, clock
from policies.actor import Actor
from policies.loading import load_actor
from policies.scopes import whole

EXPORT_LOCK = 0x65787074
LOOK_EVERY = 1.0
AT_ONCE = 2
"""Exports that are written at a time, so that a small one need not wait for a large one."""
TRY_AGAIN_AFTER = 2.0
NOTE_EVERY = 1.0
LONGEST_BREATH = 0.1
NEVER = float("-inf")
log = logging.getLogger(__name__)


async def export_ledgers(url: str) -> None:
    """For ever, by one process at a time."""
    if is_embedded(url):
        await lead_beside(Path(f"{url.partition('://')[2]}.exports"), _work)
    else:
        await lead(url, EXPORT_LOCK, _work)


async def _work() -> None:
    await Exporter(_emptied(settings().folder / "exports")).run()


def _emptied(folder: Path) -> Path:
    """Whatever is in it was left by a process that was killed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


@dataclass(slots=True)
class Exporter:
    """`running`: by export, its attempt under way. Files that are being written lie in the folder."""

    folder: Path
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """For ever. A fault is logged, and what it stopped is begun again."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            tasks = list(self.running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def look(self) -> None:
        """Begin what waits, as far as there is room."""
        try:
            await expire_exports()
            waiting = [one for one in await unfinished() if one.id not in self.running]
        except Exception:
            log.exception("cannot look which exports wait")
            return
        for export in waiting[: AT_ONCE - len(self.running)]:
            self.running[export.id] = asyncio.create_task(self._serve(export))

    async def _serve(self, export: Export) -> None:
        try:
            await attempt(export, self.folder)
        except Exception:
            log.exception("export %s failed", export.id)
            await asyncio.sleep(TRY_AGAIN_AFTER)
        finally:
            del self.running[export.id]


async def attempt(waiting: Export, folder: Path) -> None:
    """Write it from the beginning. After three attempts that failed it is given up."""
    export = await begin(waiting)
    if export is None:
        await fail(waiting, GIVEN_UP)
        return
    try:
        with TemporaryDirectory(dir=folder) as own, (Path(own) / "file").open("w+b") as file:
            wanted = await _wanted(export)
            await note_rights(export, rights_held(await wanted.who(), export.ledger))
            rows = await write(wanted, file, Path(own), _breathing(progress_of(export)))
            file.seek(0)
            await finish(export, rows, await keep(export, file), LINKS.lasting)
    except NotAllowed as lost:
        await fail(export, lost.reason_code)


async def _wanted(export: Export) -> "Wanted":
    async def who() -> Actor:
        """The member with the rights of this moment, so that a right that was taken away ends the export."""
        actor = await load_actor(export.member_id, clock.now())
        require_right(actor, export)
        return actor

    area = await whole(Area).get(code=export.area_id)
    member = await whole(Member).get(id=export.member_id)
    return Wanted(export.ledger, export.format, area, export.asked, who, member.name)


def _breathing(note: Progress) -> Progress:
    """Notes it at once and then about once a second, and leaves as much time to requests as the last rows took."""
    noted, began = NEVER, time.monotonic()

    async def tell(done: int, total: int | None) -> None:
        nonlocal noted, began
        if time.monotonic() - noted > NOTE_EVERY:
            await note(done, total)
            noted = time.monotonic()
        await asyncio.sleep(min(time.monotonic() - began, LONGEST_BREATH))
        began = time.monotonic()

    return tell


@dataclass(frozen=True)
class Wanted:
    """A ledger of an area, as whom it is read, and the name of who exports it."""

    ledger: str
    format: ExportFormat
    area: Area
    asked: Mapping[str, object]
    who: Callable[[], Awaitable[Actor]]
    by: str


async def write(wanted: Wanted, file: IO[bytes], folder: Path, progress: Progress) -> int:
    """The ledger, row by row; how many rows. What else has to be written meanwhile goes into the folder."""
    table, began, done = table_of(wanted.ledger), clock.now(), 0
    sheet = SHEETS[wanted.format](file, table, folder)
    async for stretch in read(table, wanted.area.code, wanted.asked, wanted.who):
        sheet.add(stretch.rows)
        done += len(stretch.rows)
        await progress(done, stretch.total)
    about = {
        "台账": table.ledger.title,
        "区域": f"{wanted.area.name}({wanted.area.code})",
        "筛选条件": orjson.dumps(wanted.asked).decode() if wanted.asked else "无",
        "数据时间": began.astimezone(clock.SHANGHAI).strftime(LOCAL),
        "导出人": wanted.by,
        "行数": str(done),
        "范围": "仅含导出人有权查看的内容",
    }
    await asyncio.to_thread(sheet.close, about)
    return done
