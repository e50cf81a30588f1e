"""`baodao policy` and `baodao audit`, against real databases."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from matter import Matter
from test_cli import ROOT, Shell, ask
from unsealed import unsealed
from world import MONDAY, World, build

from models import AuditEntry, PolicyVersion, Summons, clock
from policies.rules import packaged, put_in_force
from resolvers.ids import global_id

TEXT = packaged().text
READ = "p, village_cadre, village, summons, read, own_area, True, allow\n"
ACCEPT = "p, unit_liaison, unit, task, accept, target_unit, True, allow\n"
HEADS = ACCEPT.replace("unit_liaison", "unit_head")
BROKEN = "p, villge_cadre, village, summons, read, own_area, True, allow\n"
NAME = ("--as", "shunde.policy", "--reason", "试行新规。")
OTHER = ("--as", "shunde.org", "--reason", "同意。")


@pytest.fixture(autouse=True)
def former_rules() -> Iterator[None]:
    """Whatever a test publishes is forgotten by the process after it."""
    yield
    put_in_force(packaged())


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data", database_url)


@pytest.fixture
def small_shell(sqlite_url: str, tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data", sqlite_url)


@pytest.fixture
def nowhere(tmp_path: Path) -> Shell:
    """Without any database."""
    return Shell(tmp_path / "data", "postgres://127.0.0.1:1/none")


async def settled() -> tuple[World, Matter]:
    """The small world, with a summons whose task was accepted this minute."""
    world = await build()
    return world, await (await Matter.issued(world, "zr")).bring("ACCEPTED", "zr")


def enter(shell: Shell) -> tuple[World, Matter]:
    with clock.at(MONDAY):
        return ask(shell.variables["DATABASE_URL"], settled)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Rules by which only heads accept."""
    return written(tmp_path / "changed.csv", TEXT.replace(ACCEPT, HEADS))


def written(file: Path, text: str) -> Path:
    file.write_bytes(text.encode())
    return file


def proposed(shell: Shell, file: Path) -> str:
    return shell.good("policy", "import", file, *NAME).split()[0]


def test_a_text_is_looked_over_without_a_database(nowhere: Shell, tmp_path: Path) -> None:
    good = written(tmp_path / "good.csv", TEXT)
    assert nowhere.good("policy", "check", good) == f"{good} can be published.\n"
    bad = written(tmp_path / "bad.csv", "# rules\n" + BROKEN + TEXT + "nonsense\n")
    last = len(TEXT.splitlines()) + 3
    assert nowhere.bad("policy", "check", bad) == [
        f"baodao: {bad}:2:4: unknown role 'villge_cadre'; did you mean 'village_cadre'?",
        f"baodao: {bad}:{last}:1: unknown kind of row 'nonsense'",
    ]


def test_warnings_stand_apart_and_keep_nothing_from_being_published(nowhere: Shell, tmp_path: Path) -> None:
    file = written(
        tmp_path / "odd.csv", TEXT + "p, grid_worker, grid, request, read, own_area, True, allow\n"
    )
    ended, out, err = nowhere.run("policy", "check", file)
    assert (ended, out) == (0, f"{file} can be published.\n")
    assert [line.partition(":")[0] for line in err.splitlines()] == ["warning"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "missing"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"p, \xe5\xa4", "not UTF-8"),
        (b"\x00", "missing"),
    ],
)
def test_odd_files_are_refused_in_plain_lines(
    nowhere: Shell, tmp_path: Path, content: bytes, complaint: str
) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    assert complaint in " ".join(nowhere.bad("policy", "check", file))


def test_the_matrix_is_shown_or_given_as_csv(small_shell: Shell) -> None:
    words = ("policy", "matrix", "--role", "unit_head", "--type", "task")
    rows = list(csv.reader(StringIO(small_shell.good(*words, "--csv"))))
    assert rows[0] == ["role", "level", "type", "action", "effect"]
    assert ["unit_head", "UNIT", "task", "accept", "allow target_unit"] in rows
    assert {row[0] for row in rows[1:]} == {"unit_head"} and {row[2] for row in rows[1:]} == {"task"}
    table = small_shell.good(*words)
    assert re.search(r"unit_head +UNIT +task +decline +allow target_unit", table)


def test_files_are_compared_without_a_database(nowhere: Shell, tmp_path: Path, changed: Path) -> None:
    before = written(tmp_path / "before.csv", TEXT)
    told = nowhere.good("policy", "diff", before, changed)
    assert f"- {ACCEPT}+ {HEADS}" in told
    assert re.search(r"unit_liaison +UNIT +task +accept +allow target_unit", told)
    assert nowhere.good("policy", "diff", before, before) == "No right changes.\n"
    assert "did you mean" in nowhere.bad("policy", "diff", before, written(tmp_path / "bad.csv", BROKEN))[0]
    assert "No such file" in nowhere.bad("policy", "diff", before, tmp_path / "missing.csv")[0]


def test_a_change_goes_its_way_by_two_people(shell: Shell, changed: Path) -> None:
    enter(shell)
    id = proposed(shell, changed)
    assert shell.bad("policy", "publish", id, *NAME) == [
        "baodao: Nobody publishes their own draft of the rules."
    ]
    assert shell.good("policy", "publish", id, *OTHER) == "Version 2 is in force.\n"
    told = shell.good("policy", "diff", "1", "2")
    assert f"- {ACCEPT}+ {HEADS}" in told
    assert shell.good("policy", "diff", "2", changed) == "No right changes.\n"
    listed = shell.good("policy", "versions")
    assert re.search(rf"2 +PUBLISHED +{id} +shunde\.policy +shunde\.org ", listed)
    assert re.search(r"1 +RETIRED ", listed)
    assert shell.good("policy", "rollback", "1", *OTHER) == "Version 3 is in force.\n"
    audited = ask(
        shell.variables["DATABASE_URL"],
        lambda: AuditEntry.filter(type="policy").order_by("seq").values_list("event", "role"),
    )
    assert audited == [
        ("policy.drafted", "policy_admin"),
        ("policy.proposed", "policy_admin"),
        ("policy.published", "district_org_dept"),
        ("policy.published", "district_org_dept"),
    ]


def test_who_may_not_is_refused_as_by_the_api(small_shell: Shell, changed: Path, tmp_path: Path) -> None:
    enter(small_shell)
    for words, complaint in [
        (("policy", "import", changed, "--as", "zr.head", "--reason", "x"), "None of your roles"),
        (("policy", "import", changed, "--as", "nobody", "--reason", "x"), "--as: There is no such object"),
        (("policy", "import", changed, "--as", "shunde.policy", "--reason", " "), "reason: Say something"),
        (("policy", "publish", "7", *OTHER), "version: There is no such object"),
        (("policy", "publish", "1", *OTHER), "not for this object"),
        (("policy", "rollback", "9", *OTHER), "number: There is no such object"),
        (("policy", "rollback", "1", *NAME), "None of your roles"),
        (("policy", "export", "--version", "7"), "version: There is no such object"),
        (("policy", "import", written(tmp_path / "bad.csv", BROKEN), *NAME), "villge_cadre"),
    ]:
        assert complaint in " ".join(small_shell.bad(*words)), words
    kept = ask(small_shell.variables["DATABASE_URL"], lambda: PolicyVersion.all().values_list("number"))
    assert kept == [(1,)]


def test_the_way_back_can_be_proposed(small_shell: Shell, changed: Path) -> None:
    enter(small_shell)
    small_shell.good("policy", "publish", proposed(small_shell, changed), *OTHER)
    id = small_shell.good("policy", "rollback", "1", "--propose", *NAME).split()[0]
    assert small_shell.good("policy", "publish", id, *OTHER) == "Version 3 is in force.\n"


def test_an_export_is_the_text_to_the_byte(small_shell: Shell, tmp_path: Path) -> None:
    enter(small_shell)
    odd = "\ufeff" + TEXT.replace(ACCEPT, HEADS).replace("\n", "\r\n") + "# 结束,无换行"
    small_shell.good("policy", "publish", proposed(small_shell, written(tmp_path / "odd.csv", odd)), *OTHER)

    def exported(*words: str) -> bytes:
        command = [sys.executable, "-m", "baodao", "policy", "export", *words]
        return subprocess.run(
            command, cwd=ROOT, env=small_shell.environment(), capture_output=True, check=True
        ).stdout

    assert exported() == odd.encode()
    assert exported("--version", "1") == TEXT.encode()


def test_a_simulation_tells_whom_it_touches_and_what_would_have_been_refused(
    shell: Shell, changed: Path
) -> None:
    enter(shell)
    told = shell.good("policy", "simulate", changed, "--days", "366")
    assert "Members for whom something changes by their roles: 5." in told
    assert re.search(r"zr\.liaison +task +accept +loses +0 +1 *\n", told)
    assert "Past decisions: 1; would be refused: 1; unclear: 0." in told
    assert re.search(r"2026-03-02 01:00Z +zr\.liaison +task +accept", told)
    stored = ask(shell.variables["DATABASE_URL"], lambda: PolicyVersion.all().count())
    assert stored == 1


def test_a_simulation_fails_where_somebody_would_be_locked_out(small_shell: Shell, tmp_path: Path) -> None:
    enter(small_shell)
    lines = [
        line for line in TEXT.splitlines(keepends=True) if "org_dept, district, policy, publish" not in line
    ]
    file = written(tmp_path / "locking.csv", "".join(lines))
    [complaint] = small_shell.bad("policy", "simulate", file)
    assert "publish" in complaint


def test_why_and_who_speak_of_any_object(small_shell: Shell) -> None:
    world, matter = enter(small_shell)
    number = ask(small_shell.variables["DATABASE_URL"], lambda: Summons.all().first().values_list("number"))[
        0
    ]
    no = small_shell.good("policy", "why", "zr.head", "cancel", number)
    assert no.startswith("no: NO_RULE\n")
    yes = small_shell.good("policy", "why", "tianhu.cadre", "read", matter.id, "--language", "zh")
    assert yes.startswith("yes\n") and "村(居)两委干部可以对任职区域的约请执行“查看”" in yes
    assert "village_cadre, village, summons, read, own_area, True, allow" in yes
    unit = global_id(world.units["zr"])
    assert small_shell.good("policy", "why", "shunde.org", "manage", unit).startswith("yes")
    able = small_shell.good("policy", "who", "manage", unit)
    assert re.findall(r"^ +(\S+\.\S+) ", able, re.M) == ["junan.coordinator", "junan.leader", "shunde.org"]
    for words, complaint in [
        (("why", "zr.head", "eat", number), "action: There is no such action"),
        (("why", "nobody", "read", number), "login: There is no such object"),
        (("why", "zr.head", "read", "天湖"), "ID: This is not an id"),
        (("who", "read", "VGFzazow"), "ID: There is no such object"),
    ]:
        assert complaint in " ".join(small_shell.bad("policy", *words)), words


def test_the_audit_log_is_proven_and_its_first_broken_link_named(shell: Shell) -> None:
    enter(shell)
    told = shell.good("audit", "verify")
    found = re.fullmatch(r"(\d+) entries hold; head ([0-9a-f]{64})\n", told)
    assert found and int(found[1]) > 5
    assert shell.good("audit", "verify", "--head", found[2]) == told
    [lost] = shell.bad("audit", "verify", "--head", "f" * 64)
    assert "the remembered head is not in the log" in lost
    ask(shell.variables["DATABASE_URL"], forged)
    assert shell.bad("audit", "verify") == ["baodao: entry 3 was changed"]


async def forged() -> None:
    """By somebody who owns the database."""
    from tortoise import Tortoise

    async with unsealed("audit"):
        changed = "UPDATE audit_entry SET reason = 'other' WHERE seq = 3"
        await Tortoise.get_connection("default").execute_query(changed)
