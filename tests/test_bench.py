"""The instrument of `make bench`: its rows, what it reads from wrk, what it writes. Nothing is timed here."""

import json
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from graphql import parse, validate
from tortoise.models import Model

from baodao.database import database
from bench import beside, results
from bench.__main__ import _worse
from bench.cases import district_cases, fresh_cases, task_id
from bench.chart import chart
from bench.district import MEMBERS, UNITS, areas, grants, members, offices, towns, units, villages
from bench.load import Driven, Sample, read_output
from bench.results import Results, medians, ratios
from bench.rounds import Plan, Start
from bench.sockets import frame
from bench.store import writing
from bench.words import OURS, plain, with_ids, with_keys, with_moments
from bench.workloads import READS, acceptances
from models import Event, Summons, SummonsState, TaskState
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


def sample(contender: str, rate: float, server_us: float) -> Sample:
    return Sample(contender, "W1", 1_000, rate, 1.0, 2.0, server_us, 100.0)


@pytest.fixture
def found() -> Results:
    rates = {"ours": (900.0, 1_000.0, 5_000.0), "limit": (2_000.0,), "postgraphile": (500.0,)}
    samples = [sample(name, rate, 400.0) for name, some in rates.items() for rate in some]
    starts = {"ours": Start(1.5, 100.0, 120.0)}
    plan = Plan(10_000, 3, 4, 2, 16)
    return Results(
        plan, "2026-01-01", "2 cores", {"Python": "3.11"}, samples, samples[:1], starts, {"ours": 150.4}
    )


def test_ratios_are_of_the_medians(found: Results) -> None:
    assert ratios(medians(found.samples)) == {"W1": {"limit": 1.0, "postgraphile": 2.0}}


def test_the_table_has_a_line_for_each_contender(found: Results) -> None:
    _, _, first, second, third = beside.table(medians(found.samples))
    assert first == (
        "| **W1** one summons with places, tasks and people | baodao | 1,000 | 1.0 | 2.0 | 400 | 100 | 1.00 |"
    )
    assert second.startswith("|  | by hand") and third.startswith("|  | PostGraphile | 500 |")


def test_targets_are_told_as_met_or_missed(found: Results) -> None:
    *_, line = beside.reached({"W1": {"limit": 1.31, "postgraphile": 2.0}})
    assert line == "| W1 | 1.31 (1.3) **missed** | 2.00 (2.0) met | not measured |"


def test_results_are_read_again_and_written_down(found: Results, tmp_path: Path) -> None:
    found.growth["10000"] = [sample("ours", 1.0, 300.0), sample("limit", 1.0, 100.0)]
    found.write(tmp_path / "results.json")
    assert results.read(tmp_path / "results.json") == found
    assert json.loads((tmp_path / "results.json").read_text())["samples"][0]["contender"] == "ours"


def test_the_chart_shows_every_ratio(found: Results) -> None:
    drawn = chart(ratios(medians(found.samples)))
    assert drawn.count("<rect") == 3 and ">2.00</text>" in drawn


def test_the_gate_names_what_is_a_quarter_worse() -> None:
    assert _worse({"W1": 2.0, "W2": 1.0}, {"W1": 2.5, "W2": 1.26}) == ["W2: CPU ÷ limit is 1.26, was 1.00"]
