"""The log: one line a request, JSON where it is wanted, and nothing private, whatever is asked and whatever breaks."""

import asyncio
import gc
import io
import json
import logging
import logging.config
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Running, parsed, run
from test_cli import Service, Shell
from tortoise.connection import get_connection

from baodao.logs import log_config, stack
from models import Member

UNITS = "query Units($first: Int) { units(first: $first) { edges { node { name } } } }"
WHO = "query($login: String) { members(login: $login) { totalCount } }"
UPDATES = "subscription { taskUpdates { cursor event { type } } }"
DRAFT = "mutation Draft($input: DraftSummonsInput!) { draftSummons(input: $input) { event { type } } }"
TITLE, TEXT, PHONE = "王老五家漏水", "老王的电话别告诉别人", "13800138000"
PRIVATE = (TITLE, TEXT, PHONE, "tianhu", "secretary", "Bearer", "forged-token", "never-logged", "eyJ")


class Written(io.StringIO):
    """What goes to stderr."""

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [one for one in self.objects if one["logger"] == "baodao.access"]


@pytest.fixture(params=["json", "text"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def written(kind: str) -> Iterator[Written]:
    """By a service that logs like that."""
    loggers = [logging.getLogger(name) for name in ("", "uvicorn", "uvicorn.error", "baodao.access")]
    former = [(logger, logger.level, logger.handlers[:], logger.propagate) for logger in loggers]
    for logger in loggers[1:]:
        logger.propagate = True
    logging.config.dictConfig(log_config(kind))
    written = Written()
    loggers[0].handlers[0].setStream(written)
    yield written
    for logger, level, handlers, propagate in former:
        logger.setLevel(level)
        logger.handlers[:], logger.propagate = handlers, propagate


@pytest.fixture
async def service(
    written: Written, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    async with run(database_url, monkeypatch, tmp_path) as running:
        yield running


@pytest.mark.parametrize("kind", ["json"], indirect=True)
async def test_each_request_is_one_line_that_tells_what_became_of_it(
    written: Written, service: Running
) -> None:
    who = await Member.get(login="zr.liaison")
    answer = await service.ask("zr.liaison", UNITS, first=2)
    await service.client.get("/graphql", params={"query": UNITS, "variables": '{"first": 2}'})
    await service.client.get("/elsewhere")
    async with service.listening("zr.liaison", UPDATES):
        pass
    await service.once(lambda told: told["baodao_sockets"] == 0)
    asked, unknown, nowhere, socket, *_ = written.requests
    assert asked.pop("ms") > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", asked.pop("time"))
    assert asked.pop("message").startswith("POST /graphql 200 ")
    assert asked == {
        "level": "INFO",
        "logger": "baodao.access",
        "request_id": answer.headers["x-request-id"],
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "operation": "Units",
        "member": who.id,
    }
    assert (unknown["path"], unknown["status"], unknown["operation"]) == ("/graphql", 401, None)
    assert (nowhere["path"], nowhere["status"], nowhere["member"]) == ("(nothing there)", 404, None)
    assert (socket["method"], socket["status"], socket["member"]) == ("WEBSOCKET", 101, who.id)


async def refuse_titles() -> str:
    """From now on the database complains of each new summons, values and all; how it is mended again."""
    database = get_connection("default")
    if database.capabilities.dialect == "postgres":
        await database.execute_script(
            "ALTER TABLE summons ADD CONSTRAINT no_title CHECK (title = '') NOT VALID"
        )
        return "ALTER TABLE summons DROP CONSTRAINT no_title"
    complaint = f"BEGIN SELECT RAISE(ABORT, '{TITLE}, {PHONE}'); END"
    await database.execute_script(f"CREATE TRIGGER no_title BEFORE INSERT ON summons {complaint}")
    return "DROP TRIGGER no_title"


async def test_nothing_private_is_ever_logged(written: Written, service: Running, kind: str) -> None:
    login, headers = "tianhu.secretary", service.bearer("tianhu.secretary")
    unit = service.town.id(service.town.world.units["zr"])
    draft = {"issuer": "440606106004", "title": TITLE, "text": f"{TEXT} {PHONE}"}
    draft |= {"category": "LIVING_ENVIRONMENT", "units": [unit]}
    await service.ask(login, DRAFT, input=draft)
    await service.ask(login, DRAFT, input=draft | {"text": "\x00" + TEXT, "units": [TITLE]})
    await service.ask(login, DRAFT, input=TITLE)
    await service.ask(login, WHO, login=PHONE)
    await service.ask(login, f'{{ units(name: "{TITLE}") {{ nonsense }} }} # {PHONE}')
    for token in ("forged-token", f"{headers['authorization'][7:]}x"):
        await service.client.post("/graphql", json={}, headers={"authorization": f"Bearer {token}"})
    asked = {"query": WHO, "variables": json.dumps({"login": TITLE})}
    await service.client.get("/graphql", params=asked, headers=headers)
    await service.client.get(f"/{PHONE}", params={"token": "forged-token"})
    await service.client.request("FORGED", "/graphql", headers=headers)
    broken = f'{{"query": "{TITLE}'.encode()
    for content in (broken, broken + b"\xff", f'["{PHONE}"]'.encode()):
        await service.client.post(
            "/graphql", content=content, headers=headers | {"content-type": "application/json"}
        )
    async with service.listening(login, UPDATES) as socket:
        await socket.send(json.dumps({"type": TITLE}))
    mending = await refuse_titles()
    try:
        failed = await service.ask(login, DRAFT, input=draft)
    finally:
        await get_connection("default").execute_script(mending)
    text = written.getvalue()
    assert len(text.splitlines()) > 15
    assert [word for word in PRIVATE if word in text or json.dumps(word)[1:-1] in text] == []
    assert failed.json()["errors"][0]["extensions"]["id"] in text
    if kind == "json":
        [bug] = [one for one in written.objects if "stack" in one]
        assert bug["request_id"] == failed.headers["x-request-id"]
        assert "Traceback" in bug["stack"] and "in draft_summons" in bug["stack"]
        assert "IntegrityError" in bug["stack"]
    else:
        assert "Traceback" in text and "IntegrityError" in text


async def test_what_asyncio_says_of_a_lost_task_is_cut_to_its_first_line(written: Written, kind: str) -> None:
    async def fails() -> None:
        raise KeyError(TITLE)

    asyncio.create_task(fails())  # noqa: RUF006  (nobody looks at it, so that asyncio tells of it)
    await asyncio.sleep(0)
    gc.collect()
    text = written.getvalue()
    assert "Task exception was never retrieved" in text
    assert "in fails" in text
    assert TITLE not in text and json.dumps(TITLE)[1:-1] not in text


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def test_a_stack_quotes_only_what_speaks_of_the_program() -> None:
    told = stack(raised(OSError("disk full"), raised(ValueError(PHONE))))
    assert told.index("ValueError") < told.index("which led to:") < told.index("OSError: disk full")
    assert told.count("Traceback") == 2
    assert PHONE not in told
    assert "KeyError" in stack(raised(ExceptionGroup(PHONE, [KeyError(PHONE)])))
    assert PHONE not in stack(raised(ExceptionGroup(PHONE, [KeyError(PHONE)])))


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_workers_write_json_and_either_tells_the_figures_of_both(
    database_url: str, tmp_path: Path
) -> None:
    shell = Shell(tmp_path / "data", database_url)
    areas = tmp_path / "areas.csv"
    areas.write_text("code,name,level,parent_code\n44,广东省,PROVINCE,\n", "utf-8")
    shell.good("import", "areas", areas)
    shell.variables |= {"BAODAO_LOG": "json", "TMPDIR": str(tmp_path)}
    service = Service(shell, database_url, "--workers", "2")
    try:
        folder = next(tmp_path.glob("baodao-figures-*"))
        for _ in range(20):
            service.client.close()
            service.client = type(service.client)(base_url=service.client.base_url)
            assert service.ask("{ viewer { member { login } } }").status_code == 401
        told = parsed(service.client.get("/metrics").text)
    finally:
        lines = service.stop().splitlines()
    assert told['baodao_refusals_total{code="UNAUTHENTICATED",reason_code=""}'] == 20
    assert told['baodao_request_seconds_count{field="",kind="unknown",status="4xx"}'] == 20
    assert told["baodao_database_up"] == 1
    assert len([name for name in told if name.startswith("process_resident_memory_bytes")]) == 2
    written = [json.loads(line) for line in lines]
    assert sum(one.get("path") == "/graphql" and one["status"] == 401 for one in written) == 20
    assert not folder.exists()
