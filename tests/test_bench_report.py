"""What `make bench` writes: results.json, RESULTS.md, the chart, and what the gate says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import baodao  # noqa: F401  (puts the folders on the path)
from bench import beside, grown, results
from bench.__main__ import _worse
from bench.chart import chart
from bench.growth import WAYS
from bench.load import Sample
from bench.profile import ELSE, Profile
from bench.results import FanOut, Growth, Profiles, Results, SideBySide, Size, Taken, medians, ratios
from bench.rounds import Plan, Start
from bench.unchanged import Unchanged


def sample(contender: str, rate: float, server_us: float) -> Sample:
    return Sample(contender, "W1", 1_000, rate, 1.0, 2.0, server_us, 100.0)


TAKEN = Taken(Plan(10_000, 3, 4, 2, 16), "2026-01-01", "2 cores", "commit 1234567")


@pytest.fixture
def found() -> SideBySide:
    rates = {"ours": (900.0, 1_000.0, 5_000.0), "limit": (2_000.0,), "postgraphile": (500.0,)}
    samples = [sample(name, rate, 400.0) for name, some in rates.items() for rate in some]
    starts = {"ours": Start(1.5, 100.0, 120.0)}
    embedded = {"ours": Start(1.2, 80.0, 90.0)}
    unchanged: dict[str, Unchanged | str] = {"W2": Unchanged("POST", samples[0]), "W3": "none"}
    return SideBySide(TAKEN, {"Python": "3.11"}, samples, samples[:1], starts, embedded, unchanged)


@pytest.fixture
def fan_out() -> FanOut:
    return FanOut(TAKEN, {"ours": [120.0, 150.4, 190.0], "naive": []})


@pytest.fixture
def profiles() -> Profiles:
    return Profiles(TAKEN, [Profile("W1", {"Tortoise": 3, ELSE: 1}), Profile("W2", {ELSE: 2})])


@pytest.fixture
def growth() -> Growth:
    sizes = {
        number: Size(
            [sample("ours", 1.0, cost), sample("limit", 1.0, 100.0)], {"ours": Start(1.0, 90.0, 95.0)}
        )
        for number, cost in (("8", 300.0), ("64", 500.0))
    }
    return Growth(TAKEN, sizes)


def test_ratios_are_of_the_medians(found: SideBySide) -> None:
    assert ratios(medians(found.samples)) == {"W1": {"limit": 1.0, "postgraphile": 2.0}}


def test_the_table_has_a_line_for_each_contender(found: SideBySide) -> None:
    _, _, first, second, third = beside.table(medians(found.samples))
    assert first == (
        "| **W1** one summons with places, tasks and people | baodao | 1,000 | 1.0 | 2.0 | 400 | 100 | 1.00 |"
    )
    assert second.startswith("|  | by hand") and third.startswith("|  | PostGraphile | 500 |")


def test_targets_are_told_as_met_or_missed_and_by_how_much() -> None:
    *_, line = beside.reached({"W1": {"limit": 2.6, "postgraphile": 2.0, "mercurius": 0.5}})
    assert line == (
        "| W1 | 2.60 (1.3) **missed** by 2.0× | 0.50 (2) **missed** by 4.0× | 2.00 (2) met | not measured |"
    )


def test_results_are_read_again_part_by_part(
    found: SideBySide, fan_out: FanOut, profiles: Profiles, growth: Growth, tmp_path: Path
) -> None:
    file = tmp_path / "results.json"
    assert results.read(file) == Results()
    all_of_them = Results(found, fan_out, profiles, {"connections": growth})
    all_of_them.write(file)
    assert results.read(file) == all_of_them
    assert json.loads(file.read_text())["side_by_side"]["samples"][0]["contender"] == "ours"


def test_growth_is_told_beside_the_smallest_size(growth: Growth) -> None:
    lines = list(grown.tables("connections", growth))
    assert lines[0].endswith("| 8 connections | 64 connections |")
    assert lines[2] == "| **W1** one summons with places, tasks and people | baodao | 400 | 600 (×1.50) |"
    assert "| MB after W1–W4 | baodao | 95.0 | 95.0 (×1.00) |" in lines
    assert sum(line.startswith("\n|") for line in lines) == len(grown.MEASURES)


def test_the_page_tells_what_was_not_measured(found: SideBySide, growth: Growth, tmp_path: Path) -> None:
    beside.write(Results(), tmp_path)
    assert (tmp_path / "RESULTS.md").read_text().count(beside.NOT_MEASURED) == 3 + len(WAYS)
    beside.write(Results(replace(found, unchanged={}, sqlite=[]), growth={"rules": growth}), tmp_path)
    assert (tmp_path / "RESULTS.md").read_text().count(beside.NOT_MEASURED) == 4 + len(WAYS) - 1


def test_the_page_holds_the_remarks_the_targets_of_w6_and_what_is_unchanged(
    found: SideBySide, fan_out: FanOut, profiles: Profiles, tmp_path: Path
) -> None:
    beside.write(Results(found, fan_out, profiles), tmp_path)
    page = (tmp_path / "RESULTS.md").read_text()
    assert beside.REMARKS.read_text() in page
    assert "150.40 (30) **missed** by 5.0×" in page and "| Mercurius, JIT | not measured |" in page
    assert "| baodao | 150 | 120 | 190 |" in page and "| not within a minute |" in page
    assert "| | W1 | W2 |" in page and "| Tortoise | 75% | 0% |" in page
    assert "| baodao, on SQLite | 1.20 | 80 | 90 |" in page
    assert "| **W2** unchanged (304) | POST | 900 |" in page and "| **W3** unchanged (304) | none |" in page


def test_the_chart_shows_every_ratio(found: SideBySide) -> None:
    drawn = chart(ratios(medians(found.samples)))
    assert drawn.count("<rect") == 3 and ">2.00</text>" in drawn


def test_the_gate_names_what_is_a_quarter_worse() -> None:
    assert _worse({"W1": 2.0, "W2": 1.0}, {"W1": 2.5, "W2": 1.26}) == ["W2: CPU ÷ limit is 1.26, was 1.00"]
