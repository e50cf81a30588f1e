"""`baodao export`: a list of an area as a file, for whoever has the database."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from exporting import book, cells, objects
from test_cli import Shell, ask
from world import build

from baodao.cli_exports import _give_name
from models import Event, Export, Summons, clock
from resolvers.retention import RETENTION

AREA = ("--area", "440606")


@pytest.fixture
def shell(sqlite_url: str, tmp_path: Path) -> Shell:
    ask(sqlite_url, build)
    return Shell(tmp_path / "data", sqlite_url)


@pytest.mark.parametrize(("format", "read"), [("csv", cells), ("NDJSON", objects), ("xlsx", book)])
def test_everything_there_is_or_what_a_member_may_read(
    shell: Shell, tmp_path: Path, format: str, read
) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / f"areas.{format}"
    assert shell.good("export", "areas", *AREA, "--out", out, "--format", format) == f"8 rows in {out}\n"
    found = read(out.read_bytes())
    if format == "xlsx":
        assert (found["区域台账"].max_row, found["说明"]["B5"].value) == (9, "命令行")
    else:
        assert len(found) == (9 if format == "csv" else 8)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []
    for file, more in (("mine", ("--as", "tianhu.cadre")), ("all", ())):
        shell.good(
            "export",
            "grants",
            "--area",
            "440606106004",
            *more,
            "--out",
            tmp_path / file,
            "--format",
            "ndjson",
        )
    mine, everything = (
        {row["id"]: row["role"] for row in objects((tmp_path / file).read_bytes())}
        for file in ("mine", "all")
    )
    assert set(mine.values()) == {"village_cadre"} and mine.keys() < everything.keys()
    assert ask(shell.variables["DATABASE_URL"], lambda: Export.all().count()) == 0


def test_conditions_are_those_of_the_list(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "towns"
    narrowed = ("--filter", json.dumps({"level": "TOWN"}))
    shell.good("export", "areas", *AREA, "--out", out, "--format", "ndjson", *narrowed)
    assert [row["code"] for row in objects(out.read_bytes())] == ["440606104", "440606106"]
    assert ask(shell.variables["DATABASE_URL"], lambda: Summons.all().count()) == 0


BAD = [
    (("nothing", *AREA), 2, "there is no ledger"),
    (("areas", "--area", "99"), 1, "area:"),
    (("areas", *AREA, "--filter", "x"), 2, "no JSON"),
    (("areas", *AREA, "--filter", '{"first": 1}'), 2, "level, name"),
    (("areas", *AREA, "--filter", '{"level": "NOWHERE"}'), 1, "areas:"),
    (("areas", *AREA, "--as", "nobody"), 1, "login:"),
    (("areas", *AREA, "--as", "tianhu.cadre"), 1, "not for this object"),
    (("areas", *AREA, "--format", "pdf"), 2, "pdf"),
]


@pytest.mark.parametrize(("words", "code", "complaint"), BAD)
def test_what_cannot_be_exported_leaves_no_file(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], code: int, complaint: str
) -> None:
    out = tmp_path / "out"
    lines = shell.bad("export", *words, "--out", out, code=code)
    assert complaint in " ".join(" ".join(lines).split())
    assert not out.exists() and not list(tmp_path.glob(".out.*"))


def test_a_file_is_its_owners_alone_whatever_an_older_one_left(shell: Shell, tmp_path: Path) -> None:
    out, left = tmp_path / "members", tmp_path / ".members.part"
    left.write_text("older")
    left.chmod(0o644)
    shell.good("export", "members", *AREA, "--out", out, "--format", "ndjson")
    assert out.stat().st_mode & 0o777 == 0o600
    assert left.read_text() == "older"


def test_what_came_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    draft, out = tmp_path / "draft", tmp_path / "out"
    draft.write_text("newer")
    out.write_text("meanwhile")
    with pytest.raises(typer.Exit):
        _give_name(draft, out)
    assert out.read_text() == "meanwhile"


def test_the_log_is_exported_within_its_retention(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the settings have it, as the list shows it."""
    monkeypatch.setattr(RETENTION, "days", 90)  # and so again for other tests of this process
    url = shell.variables["DATABASE_URL"]
    ask(url, two_events)
    for days, number in ((90, 2), (20, 1)):
        shell.variables["BAODAO_RETENTION"] = str(days)
        out = tmp_path / f"events{days}"
        shell.good("export", "events", *AREA, "--out", out, "--format", "ndjson")
        assert len(objects(out.read_bytes())) == number


async def two_events() -> None:
    """One of a month ago, one of today; there are no others."""
    for pos, age in ((1, 30), (2, 0)):
        await Event.create(
            pos=pos,
            type="area.settingsChanged",
            aggregate="Area",
            aggregate_id="440606",
            version=pos,
            area_id="440606",
            path="44.4406.440606.",
            at=clock.now() - timedelta(days=age),
        )


def test_a_file_is_never_written_over(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("older")
    assert shell.bad("export", "areas", *AREA, "--out", out) == [f"baodao: {out} is there already"]
    assert out.read_text() == "older"
