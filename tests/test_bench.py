"""The instrument of `make bench`: its rows, what it reads from wrk, what it writes. Nothing is timed here."""

import gzip
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from random import Random

import asyncpg
import httpx
import pytest
from graphql import parse, validate
from tortoise.models import Model

from baodao.database import database
from bench import cases, naive, words
from bench.__main__ import _wanted
from bench.cases import TABLES, district_cases, fresh_cases, task_id
from bench.copies import copy_cases, written
from bench.district import MEMBERS, UNITS, areas, grants, members, offices, towns, units, villages
from bench.growth import WAYS, read_country, read_way
from bench.load import Driven, Request, read_output, write_requests
from bench.more_rules import publish, text_of
from bench.profile import ELSE, by_layer, layer_of
from bench.sockets import frame, texts
from bench.store import writing
from bench.unchanged import known
from bench.words import OURS, plain, with_ids, with_keys, with_moments
from bench.workloads import READS, acceptances
from models import Event, Summons, SummonsState, Tally, TaskState
from policies.loading import load_rules
from policies.reading.syntax import MOST_ROWS
from policies.rules import check_text, packaged, put_in_force, rules
from policies.scopes import whole
from resolvers.ids import encoded
from schema import schema

WRK = """Running 4s test @ http://127.0.0.1:8000/graphql
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     9.01ms    1.76ms  21.04ms   84.02%
    Req/Sec     1.78k   112.16     1.96k    70.00%
  7112 requests in 4.00s, 8.29MB read
Requests/sec:   1777.21
Transfer/sec:      2.07MB
{"requests": 7112, "seconds": 4.001786, "p50_ms": 8.800, "p99_ms": 15.120, "failed": 0}
"""


@pytest.fixture(autouse=True)
async def models() -> AsyncIterator[None]:
    """Rows can only be made where their models are known."""
    async with database("sqlite://:memory:"):
        yield


def values(rows: list[Model]) -> list[dict[str, object]]:
    return [{name: getattr(row, name) for name in row._meta.db_fields} for row in rows]


def ten() -> list[Model]:
    return [row for made in district_cases(10) for row in made.rows()]


def test_ten_summonses_are_the_same_twice() -> None:
    assert values(ten()) == values(ten())
    assert len([row for row in ten() if isinstance(row, Summons)]) == 10


async def test_the_rows_go_into_both_databases(database_url: str) -> None:
    async with writing(database_url) as writer:
        await writer.write_cases(district_cases(10))
    async with database(database_url):
        assert await whole(Summons).order_by("id").values_list("id", flat=True) == [
            row.id for row in ten() if isinstance(row, Summons)
        ]
        assert await whole(Event).count() == sum(isinstance(row, Event) for row in ten())
        assert sum(await whole(Tally).all().values_list("number", flat=True)) == 10


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_copies_are_what_python_would_make(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    some_villages, some_units = villages()[:2], list(units().values())[:3]
    monkeypatch.setattr(cases, "villages", lambda: some_villages)
    monkeypatch.setattr(cases, "summonable", lambda: some_units)
    first = cases.period.__wrapped__()
    monkeypatch.setattr(cases, "period", lambda: first)
    async with writing(database_url) as writer:
        assert writer.copy is not None
        before = await _indexes(writer.copy)
        await writer.write_cases(islice(district_cases(30), first))
        await copy_cases(writer.copy, first, 30)
        assert await _indexes(writer.copy) == before
    async with database(database_url):
        made = [row for one in district_cases(30) for row in one.rows()]
        for model in TABLES:
            fields = written(model)
            expected = [tuple(getattr(row, name) for name in fields) for row in made if type(row) is model]
            found = await whole(model).values_list(*fields)
            assert sorted(map(repr, map(_plainly, found))) == sorted(map(repr, map(_plainly, expected)))


async def _indexes(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema ORDER BY 1"
    )
    return [row["indexdef"] for row in rows]


def _plainly(values: tuple[object, ...]) -> list[str]:
    return [str(sorted(value.items()) if isinstance(value, dict) else value) for value in values]


def test_the_district_has_its_size() -> None:
    assert (len(towns()), len(villages()), len(units())) == (10, 206, UNITS)
    assert sum(area.level == "GRID" for area in areas().values()) == 3_090
    assert len({member.login for member in members()}) == len(list(grants())) == MEMBERS


def test_events_lead_to_the_state_and_count_without_a_hole() -> None:
    for made in islice(district_cases(1_000), 200):
        for row in (made.summons, *made.tasks):
            mine = [one for one in made.others if isinstance(one, Event) and one.aggregate_id == row.id]
            assert [event.version for event in mine] == list(range(1, row.version + 1))
            assert mine[-1].to_state == row.state


def test_fresh_cases_wait_to_be_accepted() -> None:
    [first, *_] = made = list(fresh_cases(10, 3))
    assert [[task.id for task in one.tasks] for one in made] == [[task_id(10)], [task_id(11)], [task_id(12)]]
    assert (first.summons.state, first.tasks[0].state) == (SummonsState.ISSUED, TaskState.PENDING)
    assert first.summons.issued_at and first.summons.issued_at < min(
        row.issued_at for row in ten() if isinstance(row, Summons) and row.issued_at
    )


def test_draws_are_the_same_twice_and_of_people_there_are() -> None:
    known = {office.login for office in offices()}
    for workload in READS:
        one, other = (list(islice(workload.draws(Random(1), 10), 20)) for _ in range(2))
        assert one == other
        assert {draw.login for draw in one} <= known
    assert {draw.login for draw in acceptances(range(5), Random(1))} <= known


@pytest.mark.parametrize("document", OURS.values())
def test_our_documents_fit_the_schema(document: str) -> None:
    assert validate(schema._schema, parse(document)) == []


@pytest.mark.parametrize("document", words.NAIVE.values())
def test_the_naive_way_has_the_same_words(document: str) -> None:
    assert validate(naive.schema._schema, parse(document)) == []


def test_each_contender_is_asked_in_its_own_words() -> None:
    quarter = {"town": "440606106", "from": "2025-01-01", "to": "2025-03-31"}
    assert with_ids({"task": task_id(1), "actor": "x"}) == {"task": encoded("Task", task_id(1))}
    assert with_keys(quarter) == quarter
    assert with_moments(quarter) == {
        "town": "440606106",
        "since": "2024-12-31T16:00:00+00:00",
        "until": "2025-03-31T15:59:59.999999+00:00",
    }


def test_answers_are_compared_without_their_form() -> None:
    ours = {"id": encoded("Summons", "S1"), "issuedAt": "2025-01-01T08:00:00+08:00"}
    theirs = {"id": "S1", "issuedAt": "2025-01-01T00:00:00+00:00"}
    assert plain("W1", {"data": {"summons": ours}}) == plain("W1", {"data": {"summons": theirs}})
    with pytest.raises(ValueError, match="W1"):
        plain("W1", {"data": {"summons": None}, "errors": [{"message": "no"}]})


def test_reads_what_wrk_prints() -> None:
    assert read_output(WRK) == Driven(7112, 4.001786, 8.8, 15.12, 0)


@pytest.mark.parametrize("text", ["", "unable to connect to 127.0.0.1:8000 Connection refused\n"])
def test_refuses_what_is_no_result(text: str) -> None:
    with pytest.raises(ValueError):
        read_output(text)


def test_a_frame_is_masked_with_nothing() -> None:
    short, long = frame({"type": "connection_init"}), frame({"type": "x" * 200})
    assert short == b'\x81\x9a\0\0\0\0{"type":"connection_init"}'
    assert long[:4] == b"\x81\xfe" + (211).to_bytes(2, "big")


def test_frames_of_a_server_are_read_one_after_the_other() -> None:
    sent = [b'{"type": "ping"}', b"x" * 200, b"y" * 70_000]
    lengths = [bytes([16]), b"\x7e" + (200).to_bytes(2, "big"), b"\x7f" + (70_000).to_bytes(8, "big")]
    frames = b"".join(b"\x81" + length + text for length, text in zip(lengths, sent, strict=True))
    assert list(texts(frames)) == sent


STACK = (
    "main (baodao/__main__.py:53);serve (uvicorn/main.py:632);uv_run (core.c:452);Queue.get (asyncio/q.py:1)"
)


def test_a_stack_counts_for_the_innermost_layer() -> None:
    inside = ";take (actions/turn.py:9);get (tortoise/models.py:3);copy (copy.py:80)"
    lines = [f"{STACK}{inside} 3", f"{STACK} 2", f"{STACK};rows (models/rows.py:5) 4"]
    assert by_layer(lines) == {"loaders, rows, kept places": 4, "Tortoise": 3, ELSE: 2}


def test_each_folder_of_the_service_is_in_a_layer() -> None:
    for folder in ("schema", "resolvers", "actions", "policies", "models", "baodao"):
        for file in Path(folder).glob("*.py"):
            assert layer_of(f"{STACK};f ({file}:1)") != ELSE


def test_requests_are_lines_for_wrk(tmp_path: Path) -> None:
    write_requests(tmp_path / "r", [Request("Bearer x", b"{}"), Request("-", b"", "/graphql?query=a", '"1"')])
    assert (tmp_path / "r").read_text().splitlines() == [
        "Bearer x\t\tPOST\t/graphql\t{}",
        '-\t"1"\tGET\t/graphql?query=a\t',
    ]


@pytest.mark.parametrize(("sends", "found"), [("POST", "POST"), ("GET", "GET"), ("", "")])
def test_etags_are_taken_from_the_method_that_sends_them(sends: str, found: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"etag": '"1"'} if request.method == sends else {})

    draws = list(islice(READS[1].draws(Random(1), 10), 3))
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        method, requests = known(client, 1, "W2", draws)
    assert (method, [one.etag for one in requests]) == (found, ['"1"'] * 3 if found else [])


def test_what_grows_is_read_with_its_sizes() -> None:
    assert read_way("rules") == ("rules", WAYS["rules"].sizes)
    assert read_way("connections=64,8") == ("connections", (8, 64))
    for wrong in ("towns", "areas=10", "rules=many"):
        with pytest.raises(ValueError):
            read_way(wrong)


def test_without_the_countrys_areas_their_growth_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(_wanted(list(WAYS), None)) == ["summonses", "rules", "connections"]
    assert "BAODAO_BENCH_COUNTRY" in capsys.readouterr().err
    assert list(_wanted(["areas"], Path("areas.csv"))) == ["areas"]


def test_the_countrys_areas_may_be_gzipped(tmp_path: Path) -> None:
    text = "code,name,level,parent_code\n11,北京市,PROVINCE,\n"
    (tmp_path / "areas.csv").write_text(text)
    (tmp_path / "areas.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert read_country(tmp_path / "areas.csv") == read_country(tmp_path / "areas.csv.gz") == text


@pytest.mark.parametrize("rows", [330, MOST_ROWS])
def test_there_are_as_many_rules_as_wanted_and_they_may_be_published(rows: int) -> None:
    text = text_of(rows)
    assert len(text.splitlines()) == len(set(text.splitlines())) == rows
    assert not [fault for fault in check_text(text) if fault.severe]


async def test_published_rules_are_in_force_when_a_service_starts(database_url: str) -> None:
    text = text_of(350)
    async with writing(database_url) as writer:
        await writer.write(areas().values())
        await writer.write(member for member in members() if "district_org_dept" in (member.login or ""))
    await publish(database_url, text)
    try:
        async with database(database_url):
            await load_rules()
        assert rules().text == text
    finally:
        put_in_force(packaged())
