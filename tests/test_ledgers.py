"""The ledgers as data: none is forgotten, every word is there, and what is written is what was read."""

import subprocess
import sys
from pathlib import Path

import pytest
from api import published
from graphql import get_named_type

from baodao.ledgers import Column, Kind, table_of
from baodao.sheets import Csv, Ndjson, harmless, text_of
from resolvers.ledgers import LEDGERS

NO_LEDGER = {
    "exports": "the exports themselves, which are the caller's own",
    "requestCategories": "a menu, of which each level is a list of its own",
    "whoCan": "about one object; the grants are a ledger",
}
"""Lists of Query that cannot be exported, and why."""


def lists() -> dict[str, set[str]]:
    """Every list at the root of the graph, with its arguments."""
    query = published().query_type
    assert query is not None
    return {
        name: set(field.args)
        for name, field in query.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    }


def test_every_list_is_a_ledger_or_has_a_reason_not_to_be() -> None:
    assert LEDGERS.keys() | NO_LEDGER.keys() == lists().keys()
    assert not LEDGERS.keys() & NO_LEDGER.keys()


def test_every_ledger_can_be_narrowed_to_an_area() -> None:
    told = lists()
    assert [name for name in LEDGERS if not {"area", "first", "after"} <= told[name]] == []


@pytest.mark.parametrize("name", LEDGERS)
def test_every_column_is_there_and_has_chinese_words(name: str) -> None:
    table = table_of(name)
    headings = [column.heading for column in table.columns]
    assert len(set(headings)) == len(headings)
    assert [
        one for one in (table.ledger.title, *headings) if not any("一" <= sign <= "龥" for sign in one)
    ] == []
    for column in table.columns:
        if column.kind is Kind.WORD:
            assert column.words.keys() == values_of(name, column.key), column.key


def values_of(name: str, key: str) -> set[str]:
    """Of the enum that the column shows."""
    graph = published()
    assert graph.query_type is not None
    type = graph.query_type.fields[name].type
    for part in ("edges", "node", *key.split(".")):
        named = get_named_type(type)
        type = named.fields[part].type  # type: ignore[attr-defined]
    return set(get_named_type(type).values)  # type: ignore[attr-defined]


def test_kinds_follow_from_the_schema() -> None:
    kinds = {column.key: column.kind for column in table_of("tasks").columns}
    assert kinds["summons.number"] is Kind.TEXT and kinds["evaluations.total"] is Kind.NUMBER
    assert kinds["lead"] is Kind.YES_NO and kinds["attendance.arrivedAt"] is Kind.MOMENT
    assert kinds["decline.reason"] is Kind.WORD and kinds["id"] is Kind.TEXT


def test_secrets_and_whole_rules_are_in_no_ledger() -> None:
    named = {key.rpartition(".")[2] for ledger in LEDGERS.values() for key in ledger.columns}
    assert not named & {"secrets", "secret", "url.token", "credentials", "checkInCode"}
    assert "text" not in LEDGERS["policyVersions"].columns


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(
            (f"{sign}1", f"'{sign}1")
            for sign in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
        ),
        *(("  =1", "'  =1"), ("=", "'="), ("-", "'-")),
        *((same, same) for same in ("", "甲=乙", "a-b", "'=1", "1+1", "正常")),
    ],
)
def test_no_text_of_a_csv_file_can_be_a_formula(text: str, written: str) -> None:
    assert harmless(text) == written


def test_lists_and_empty_cells_read_well() -> None:
    words = Column("state", "状态", Kind.WORD, {"CLOSED": "办结"})
    assert text_of(words, ["CLOSED", None, "NEW"]) == "办结、、NEW"
    assert text_of(Column("lead", "主办", Kind.YES_NO), True) == "是"
    assert text_of(Column("at", "时间", Kind.MOMENT), "2026-03-02T16:00:00.123456Z") == "2026-03-03 00:00:00"
    assert text_of(Column("note", "说明", Kind.TEXT), None) == ""


def test_text_survives_both_plain_formats(tmp_path: Path) -> None:
    from exporting import cells, objects

    row = ['甲,"乙"\r\n丙', "𠮷 \u2028", None, "Q29uZg"]
    for kind, read in ((Ndjson, objects), (Csv, cells)):
        with (tmp_path / "file").open("w+b") as file:
            sheet = kind(file, table_of("dutyItems"), tmp_path)
            sheet.add([row])
            sheet.close({})
            file.seek(0)
            found = read(file.read())[-1]
        told = list(found.values()) if isinstance(found, dict) else found
        assert told == [cell if isinstance(found, dict) else cell or "" for cell in row]


GROWING = """
import asyncio, resource, sys
from pathlib import Path
import baodao
from api import ask
from exporting import asked_for, seen, worked_off
from world import build
from baodao.database import database
from baodao.exports import Exporter
from models import DutyItem, ExportChunk, clock

async def measure(url, rows, format, folder):
    async with database(url):
        await build()
        for start in range(0, rows, 1000):
            numbers = range(start, min(start + 1000, rows))
            await DutyItem.bulk_create([DutyItem(code=f"{n:07}", title="=责任事项" * 20) for n in numbers])
        id = await asked_for("shunde.org", "DUTY_ITEMS", "440606", format)
        await worked_off(Exporter(Path(folder)))
        export = await seen("shunde.org", id)
        print(export["state"], export["rowsDone"], int(export["bytes"]), await ExportChunk.all().count(),
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

asyncio.run(measure(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
"""
MOST_GROWTH = 40
"""Megabytes. A hundred thousand of these rows are 30 MB as text, and ten times as much as objects."""


@pytest.mark.long
@pytest.mark.parametrize("format", ["NDJSON", "CSV", "XLSX"])
def test_a_hundred_thousand_rows_take_no_more_memory_than_a_thousand(
    database_url: str, sqlite_template: Path, tmp_path: Path, format: str
) -> None:
    from conftest import empty, is_embedded

    peaks = []
    for rows in (1_000, 100_000):
        if is_embedded(database_url):
            url = f"sqlite://{tmp_path / f'{rows}.db'}"
            (tmp_path / f"{rows}.db").write_bytes(sqlite_template.read_bytes())
        else:
            url = database_url
            empty(url)
        state, done, size, chunks, peak = grown(url, rows, format, tmp_path)
        assert (state, int(done)) == ("DONE", rows + 5)  # the units of the district
        assert int(chunks) == -(-int(size) // (256 * 1024))
        peaks.append(int(peak))
    print(f"{format}: {peaks[0]} MB for 1,000 rows, {peaks[1]} MB for 100,000")
    assert peaks[1] - peaks[0] < MOST_GROWTH


def grown(url: str, rows: int, format: str, folder: Path) -> list[str]:
    command = [sys.executable, "-c", GROWING, url, str(rows), format, str(folder)]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
