"""`baodao verify scores` says how many scores come to the same again, and which do not."""

import asyncio
import sqlite3
from pathlib import Path

from test_cli import Shell
from test_score_locks import judge_some
from world import MONDAY, Time, small_world

from baodao.database import database
from models import clock


async def furnish(url: str) -> None:
    async with database(url):
        with clock.at(MONDAY) as moving:
            await judge_some(await small_world(), Time(moving))


def test_the_proof_is_printed_and_a_fault_is_an_exit_code(sqlite_url: str, tmp_path: Path) -> None:
    asyncio.run(furnish(sqlite_url))
    shell = Shell(tmp_path / "data", sqlite_url)
    assert shell.good("verify", "scores") == "5 scores hold, 4 of them locked\n"
    with sqlite3.connect(sqlite_url.removeprefix("sqlite://")) as connection:
        connection.execute("UPDATE task_score SET total = 1 WHERE lock_id IS NULL")
    code, out, err = shell.run("verify", "scores")
    assert (code, err) == (1, "baodao: 1 do not come to what is kept\n")
    first, second = out.splitlines()
    assert first == "4 scores hold, 4 of them locked"
    assert second.startswith("task ") and "its total is kept as" in second
