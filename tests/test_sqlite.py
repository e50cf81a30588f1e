"""The embedded database while it serves: readers never wait for a writer, and see what was committed."""

import subprocess
import sys
from asyncio import Event, create_task, gather, sleep, timeout
from datetime import datetime

import pytest
from asking import statements
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from models import Area, Summons
from models.sqlite import MOST_READERS
from policies.clauses import as_q, within
from policies.scopes import whole
from resolvers.pages import By
from resolvers.plan import listed


def area(code: str, name: str) -> Area:
    return Area(code=code, name=name, level="PROVINCE", path=f"{code}.", depth=1)


@pytest.mark.parametrize(("scheme", "synchronous"), [("sqlite", "FULL"), ("sqlite+inline", "NORMAL")])
def test_who_serves_waits_for_the_disk_with_each_commit(scheme: str, synchronous: str) -> None:
    """Asked in a process of its own, since the tests themselves do not wait."""
    program = (
        "import baodao; from baodao.database import tortoise_config;"
        f"print(tortoise_config('{scheme}:///x.db')['connections']['default']['credentials']['synchronous'])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == synchronous


async def test_a_reader_does_not_wait_for_a_long_transaction(sqlite_db: str) -> None:
    await area("44", "广东省").save(force_create=True)
    written, read = Event(), Event()

    async def write() -> None:
        async with in_transaction():
            await Area.filter(code="44").update(name="别名")
            await area("45", "广西").save(force_create=True)
            assert await Area.all().count() == 2
            written.set()
            await read.wait()

    writing = create_task(write())
    await written.wait()
    async with timeout(5):
        assert await Area.all().values_list("name", flat=True) == ["广东省"]
        assert (await Area.get(code="44")).name == "广东省"
    read.set()
    await writing
    assert await Area.all().order_by("code").values_list("name", flat=True) == ["别名", "广西"]


async def test_what_was_written_is_read_at_once(sqlite_db: str) -> None:
    for number in range(10, 60):
        await area(str(number), "省").save(force_create=True)
        assert await Area.filter(code=str(number)).exists()
        await Area.filter(code=str(number)).update(name=f"{number}")
        assert (await Area.get(code=str(number))).name == f"{number}"
        await Area.filter(code=str(number)).delete()
        assert not await Area.all().exists()


async def test_a_reader_cannot_write_and_says_what_is_wrong(sqlite_db: str) -> None:
    database = get_connection("default")
    assert not await Area.all().exists()
    with pytest.raises(OperationalError, match="readonly"):
        await database._read("DELETE FROM area", None)
    with pytest.raises(OperationalError, match="no such table"):
        await database.execute_query("SELECT * FROM nonsense")


ROWS = 1_000_000
LONG = f"""SELECT COUNT(*) AS number FROM (
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT {ROWS}) SELECT n FROM counted
)"""


async def test_a_short_read_does_not_wait_for_a_long_one(sqlite_db: str) -> None:
    database = get_connection("default")
    assert not await Area.all().exists()
    long = create_task(database.execute_query(LONG))
    await sleep(0)
    await gather(*(Area.all().count() for _ in range(20)))
    assert not long.done()
    assert len(database._readers.opened) == MOST_READERS
    assert (await long)[1][0]["number"] == ROWS


NEWEST = By("listed_at", datetime, descending=True), By("id", descending=True)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    ("path", "by_path"),
    [("44.4406.440606.440606106.", False), ("44.4406.440606.440606106.440606106004.", True)],
)
async def test_a_page_of_a_wide_place_is_found_in_the_order_of_the_list(
    sqlite_db: str, path: str, by_path: bool
) -> None:
    """A whole town's rows would have to be sorted; a village's few are found by its path."""
    rows = whole(Summons).filter(as_q(within("path", [path])))
    with statements() as sent:
        assert await listed(rows, NEWEST, [], 51) == []
    text, _, _ = sent[-1].partition(": [")
    plan = await get_connection("default").execute_query_dict(
        f"EXPLAIN QUERY PLAN {text}", [path, path[:-1] + "/"]
    )
    assert ("path>" in plan[0]["detail"]) is by_path
    assert any("TEMP B-TREE" in step["detail"] for step in plan) is by_path
