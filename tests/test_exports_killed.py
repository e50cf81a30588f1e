"""A process that is killed while it writes an export: the next one begins it anew, and nothing is left of the first."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from exporting import asked_for, content, objects, seen
from world import build

from baodao.database import database
from models import DutyItem, Export, ExportChunk

pytestmark = pytest.mark.long

ROWS = 40_000
WORKING = """
import asyncio, sys
import baodao
from baodao.database import database
from baodao.exports import export_ledgers

async def main(url):
    async with database(url):
        print("ready", flush=True)
        await export_ledgers(url)

asyncio.run(main(sys.argv[1]))
"""


@contextmanager
def working(url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that writes exports whenever no other does."""
    command, environment = [sys.executable, "-c", WORKING, url], os.environ | {"BAODAO_DATA": str(folder)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


async def test_the_next_process_begins_it_anew(database_url: str, tmp_path: Path) -> None:
    async with database(database_url):
        await build()
        for start in range(0, ROWS, 1_000):
            numbers = range(start, start + 1_000)
            await DutyItem.bulk_create([DutyItem(code=f"{n:06}", title="责任事项") for n in numbers])
        id = await asked_for("shunde.org", "DUTY_ITEMS", "440606")
        with working(database_url, tmp_path) as first, working(database_url, tmp_path):
            await until(lambda export: export.rows_done > 0)
            assert (await seen("shunde.org", id))["state"] == "RUNNING"
            assert list((tmp_path / "exports").iterdir()) != []
            first.send_signal(signal.SIGKILL)
            await until(lambda export: export.state != "RUNNING")
        assert ((await Export.get()).attempts, (await seen("shunde.org", id))["state"]) == (2, "DONE")
        rows = objects(await content("shunde.org", id))
        assert len({row["code"] for row in rows}) == len(rows) == ROWS + 5
        assert {chunk.attempt for chunk in await ExportChunk.all()} == {2}
        assert list((tmp_path / "exports").iterdir()) == []


async def until(told) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + 180
    while not told(export := await Export.get()):
        assert time.monotonic() < end, vars(export)
        await asyncio.sleep(0.05)
