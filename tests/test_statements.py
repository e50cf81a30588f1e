"""What the main operations send to the database is as committed in tests/statements, word by word."""

import os
import re
from collections.abc import AsyncIterator
from difflib import unified_diff
from itertools import chain, groupby
from pathlib import Path

import pytest
from asking import open_town
from graphql import parse, print_ast
from main_operations import OPERATIONS, Busy, Operation, Variables
from sent import Rounds, sent
from sql_layout import laid_out
from test_endpoint import asked, client, own_settings  # noqa: F401
from test_fanout import Ear, Serving, serve
from tortoise import Tortoise

from actions import feed
from actions.remembered import forget_everything
from baodao.auth import auth
from baodao.graphql import Graph
from models import CoIssuer
from models.kept import forget_kept
from resolvers import stream

FOLDER = Path(__file__).parent / "statements"
REWRITE = os.environ.get("BAODAO_STATEMENTS") == "rewrite"
COMMAND = "make statements"
TIMES = ("The first time in a process", "The next time")
LISTEN = """subscription Updates($area: AreaCode) { taskUpdates(area: $area) {
    cursor event { type summons { state issuer { name } } task { state unit { name } } } } }"""


@pytest.fixture
async def busy(own_settings: None, compiled: None, db: str) -> AsyncIterator[Busy]:  # noqa: F811
    async with open_town() as town:
        yield await Busy(town).fill()


async def test_the_main_operations_send_the_statements_that_are_committed(busy: Busy) -> None:
    found = {
        one.name: told(one.about, one.login, one.document, await rounds(one, busy)) for one in OPERATIONS
    }
    compare(found)


async def test_a_round_of_a_subscription_sends_the_statements_that_are_committed(
    busy: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LONGEST_SLEEP", 3600.0)
    async with serve() as serving:
        with sent() as noted:
            ear = await serving.listen("junan.coordinator", LISTEN, area="440606106")
            await serving.settled(1)
            await noted.idle()
        forget()
        both = [await round_of(ear, serving, busy) for _ in TIMES]
    about = "what is read for listeners who are alike, when something happened"
    compare({"round": told(about, "junan.coordinator", LISTEN, both)})


def test_a_statement_more_is_told_with_its_operation_and_the_command() -> None:
    names = ("sign-in", "summons")
    texts = {name: (FOLDER / "sqlite" / f"{name}.txt").read_text("utf-8") for name in names}
    assert differences(FOLDER / "sqlite", texts) == ""
    told = differences(FOLDER / "sqlite", texts | {"summons": f"{texts['summons']}\nSELECT 1\n"})
    assert told.startswith("summons on sqlite:\n")
    assert told.endswith(f"\n+SELECT 1\n\nIf it should be so, run: {COMMAND}")


async def test_columns_are_told_alike_however_the_database_is_asked_for_them(sqlite_db: str) -> None:
    columns = list(CoIssuer._meta.fields_db_projection.values())
    every = [",".join(f'"{one}"' for one in order) for order in (columns, columns[::-1])]
    asked = {laid_out(f'SELECT {one} FROM "co_issuer" WHERE "path"=$1 AND "id"=$2') for one in every}
    assert asked == {'SELECT *\nFROM "co_issuer"\nWHERE "path"=?\nAND "id"=?'}
    entered = laid_out(f'INSERT INTO "co_issuer" ({every[1]}) VALUES (?,?,?),(?,?,?) RETURNING "id"')
    assert entered == 'INSERT INTO "co_issuer" (*)\nVALUES 2 rows\nRETURNING "id"'
    assert laid_out('UPDATE "task" SET "b" = $1, "a" = $2') == 'UPDATE "task"\nSET "a" = ?, "b" = ?'


def test_every_committed_file_is_of_an_operation() -> None:
    names = {f"{one.name}.txt" for one in OPERATIONS} | {"round.txt"}
    for folder in ("sqlite", "postgres"):
        assert {file.name for file in (FOLDER / folder).iterdir()} == names


def test_the_table_tells_how_many_statements_the_files_hold() -> None:
    page = FOLDER / "README.md"
    if REWRITE:
        page.write_text(table(), "utf-8")
    assert page.read_text("utf-8") == table(), f"run: {COMMAND}"


async def rounds(operation: Operation, busy: Busy) -> list[Rounds]:
    both = []
    given = await operation.given(busy)
    forget()
    async with client(Graph(None), operation.login) as asking:
        for variables in given:
            with sent() as noted:
                await answered(asking, operation.document, variables)
            both.append(noted.rounds)
    return both


async def answered(asking, document: str, variables: Variables) -> None:
    answer = (await asking.post("/", **asked(document, variables=variables))).json()
    assert "errors" not in answer, answer
    for payload in answer["data"].values():
        assert not (isinstance(payload, dict) and payload.get("problems")), payload


async def round_of(ear: Ear, serving: Serving, busy: Busy) -> Rounds:
    """From the ring of the bell until nobody reads any more; nothing is heard of what happens before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feed, "_waiting", set())
        await busy.town.draft("zr")
    with sent() as noted:
        feed.ring()
        assert await ear.events(1) == ["summons.drafted"]
        await noted.idle()
    return noted.rounds


def forget() -> None:
    """As if the process had just started."""
    forget_everything()
    forget_kept()
    auth.cache_clear()


def told(about: str, login: str, document: str, both: list[Rounds]) -> str:
    parts = [f"{about[0].upper()}{about[1:]}, as {login}.", pretty(document)]
    for time, rounds in zip(TIMES, both, strict=True):
        sizes = f"{counted(sum(map(len, rounds)), 'statement')} in {counted(len(rounds), 'round')}"
        parts += [f"==== {time}: {sizes} ====", together(rounds)]
    return "\n\n".join(parts) + "\n"


def counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def together(rounds: Rounds) -> str:
    """What comes first among statements of one round does not matter, nor which part of a case a step reads first."""
    told = [sorted(map(laid_out, some)) for some in rounds]
    stretches = [list(some) for _, some in groupby(told, lambda some: bool(PART.match(some[0])))]
    ordered = [sorted(some) if PART.match(some[0][0]) else some for some in stretches]
    return "\n\n--\n\n".join("\n\n".join(some) for some in chain.from_iterable(ordered))


PART = re.compile(
    r'SELECT \*\nFROM "(?:decline|evaluation|followup_group_member|proposal|role_grant|unit)"\n.* IN \('
)


def pretty(document: str) -> str:
    return print_ast(parse(document))


def compare(found: dict[str, str]) -> None:
    """What the open database is sent with what is committed, operation by operation."""
    folder = FOLDER / Tortoise.get_connection("default").capabilities.dialect
    if REWRITE:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in found.items():
            (folder / f"{name}.txt").write_text(text, "utf-8")
    if told := differences(folder, found):
        pytest.fail(told, pytrace=False)


def differences(folder: Path, found: dict[str, str]) -> str:
    lines = {name: difference(folder / f"{name}.txt", text) for name, text in found.items()}
    told = [f"{name} on {folder.name}:\n{differing}" for name, differing in lines.items() if differing]
    return "\n\n".join([*told, f"If it should be so, run: {COMMAND}"]) if told else ""


def difference(file: Path, text: str) -> str:
    committed = file.read_text("utf-8") if file.exists() else ""
    lines = unified_diff(committed.splitlines(), text.splitlines(), "committed", "sent", lineterm="")
    return "\n".join(lines)


HEADING = re.compile(r"^==== .*: (\d+) statements? in (\d+) rounds? ====$", re.MULTILINE)


def table() -> str:
    """From the committed files."""
    lines = [INTRODUCTION, "| operation | | SQLite | then | PostgreSQL | then |", "|---|---|--:|--:|--:|--:|"]
    for name in (*(one.name for one in OPERATIONS), "round"):
        texts = [(FOLDER / folder / f"{name}.txt").read_text("utf-8") for folder in ("sqlite", "postgres")]
        numbers = [f"{sent} / {rounds}" for text in texts for sent, rounds in HEADING.findall(text)]
        about = texts[1].partition(", as ")[0]
        lines.append(f"| [{name}](postgres/{name}.txt) | {' | '.join([about, *numbers])} |")
    return "\n".join(lines) + "\n"


INTRODUCTION = f"""# What the main operations send to the database

Written by `{COMMAND}`, compared by `tests/test_statements.py`. For each operation: the number of statements / of rounds
in which they are sent, the first time in a process, and then. Statements of one round (between two lines with `--`) are
sent side by side. Values, `BEGIN` and `COMMIT` are left out; `*` stands for every column, others are sorted by name.
The links lead to what PostgreSQL is sent; for SQLite there is a file of the same name in `sqlite/`.
"""
