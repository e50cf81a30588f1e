"""The commands and the service they start, against real databases."""

import asyncio
import contextlib
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from baodao.__main__ import main
from baodao.auth import make_token
from baodao.database import database
from baodao.settings import BadSetting, read_settings, settings
from models import AuditEntry, CalendarDay, Credential, Event, Grant, Member, clock

ROOT = Path(__file__).parent.parent
AREAS = """\
code,name,level,parent_code
44,广东省,PROVINCE,
4406,佛山市,CITY,44
440606,顺德区,DISTRICT,4406
440606106,均安镇,TOWN,440606
"""
HOLDERS = "{ viewer { member { login } grants { role } } }"
PROTOCOL = "graphql-transport-ws"


class Shell:
    """Runs `baodao …` with settings of its own, in this process; only the service below gets one to itself."""

    def __init__(self, folder: Path, url: str) -> None:
        self.variables = {"BAODAO_DATA": str(folder), "DATABASE_URL": url}

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BAODAO_")}
        return inherited | self.variables | more

    def run(self, *words: object, **more: str) -> tuple[int, str, str]:
        """Exit code, output and complaints."""
        out, err, former = StringIO(), StringIO(), (dict(os.environ), sys.argv)
        os.environ |= self.environment(**more)
        settings.cache_clear()
        sys.argv = ["baodao", *map(str, words)]
        try:
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
                main()
        finally:
            os.environ.clear()
            os.environ |= former[0]
            sys.argv = former[1]
            settings.cache_clear()
        return int(ended.value.code or 0), out.getvalue(), err.getvalue()

    def good(self, *words: object, **more: str) -> str:
        """What it printed; it must have gone well."""
        code, out, err = self.run(*words, **more)
        assert code == 0, err
        return out

    def bad(self, *words: object, code: int = 1, **more: str) -> list[str]:
        """The lines it complained in; it must have failed."""
        ended, _, err = self.run(*words, **more)
        assert ended == code, err
        return [line for line in err.splitlines() if line.strip()]


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data", database_url)


@pytest.fixture
def small_shell(sqlite_url: str, tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data", sqlite_url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "areas.csv"
    file.write_text(AREAS, encoding="utf-8")
    return file


def ask(url: str, question):
    """The answer of a coroutine function, asked in the database."""

    async def inside():
        async with database(url):
            return await question()

    return asyncio.run(inside())


def test_areas_are_imported_and_a_dry_run_writes_nothing(shell, database_url, file):
    assert shell.good("import", "areas", file, "--dry-run") == "4 rows: 4 new, 0 known before.\n"
    assert shell.good("import", "areas", file) == "4 rows: 4 new, 0 known before.\n"
    assert shell.good("import", "areas", file) == "4 rows: 0 new, 4 known before.\n"


def test_a_packed_file_and_a_byte_order_mark_are_understood(small_shell, tmp_path):
    packed = tmp_path / "areas.csv.gz"
    packed.write_bytes(gzip.compress(("\ufeff" + AREAS.replace("\n", "\r\n")).encode()))
    assert small_shell.good("import", "areas", packed) == "4 rows: 4 new, 0 known before.\n"


def test_requests_are_imported_from_json(small_shell, file, tmp_path):
    rows = tmp_path / "requests.json"
    one = {"service_request_id": "1", "status": "open", "description": "路灯不亮。"}
    one |= {"jurisdiction_id": "440606106004", "requested_datetime": "2026-02-27T08:00:00Z"}
    rows.write_text(json.dumps([one]), "utf-8")
    [complaint] = small_shell.bad("import", "requests", rows)
    assert complaint == "baodao: line 1 jurisdiction_id: There is no area with this code."
    file.write_text(f"{AREAS}440606106004,天湖社区,VILLAGE,440606106\n", "utf-8")
    small_shell.good("import", "areas", file)
    assert small_shell.good("import", "requests", rows) == "1 rows: 1 new, 0 known before.\n"


def test_units_and_members_are_imported(small_shell, sqlite_url, file, tmp_path):
    units, members = tmp_path / "units.csv", tmp_path / "members.csv"
    header = "code,name,kind,level,parent_code,home_area,command_area,summonable\n"
    units.write_text(f"{header}U-1,交通局,GOV_DEPARTMENT,DISTRICT,,440606,,\n", encoding="utf-8")
    members.write_text(
        "login,name,unit_code,area,title,rank,roles\nchen,陈,U-1,,局长,HEAD,unit_head@unit:U-1\n", "utf-8"
    )
    small_shell.good("import", "areas", file)
    assert small_shell.good("import", "units", units).startswith("1 rows: 1 new")
    assert small_shell.good("import", "members", members).startswith("1 rows: 1 new")
    assert ask(sqlite_url, lambda: Grant.get(role="unit_head").values_list("member__login")) == ("chen",)


def test_days_of_a_calendar_are_imported(shell, database_url, file, tmp_path):
    days = tmp_path / "calendar.csv"
    days.write_text(
        "area,day,kind,name\n440606106,2027-03-18,REST,龙舟赛\n440606,2027-03-20,WORK,\n", "utf-8"
    )
    shell.good("import", "areas", file)
    assert shell.good("import", "calendar", days, "--dry-run") == "2 rows: 2 new, 0 known before.\n"
    assert shell.good("import", "calendar", days) == "2 rows: 2 new, 0 known before.\n"
    assert shell.good("import", "calendar", days) == "2 rows: 0 new, 2 known before.\n"
    told = ask(database_url, lambda: CalendarDay.get(area_id="440606106").values_list("kind", "name"))
    assert told == ("REST", "龙舟赛")


def test_a_bad_file_is_refused_with_its_lines(small_shell, file):
    file.write_text(AREAS + "4407,,CITY,44\n4408,湛江市,TOWN,44\n", encoding="utf-8")
    assert small_shell.bad("import", "areas", file) == [
        "baodao: line 6 name: Say something.",
        "baodao: line 7 code: The code must have 2, 4, 6, 9 or 12 digits as its level says; "
        "grids have 3 more for each nesting.",
    ]


def test_many_faults_are_shown_in_part(small_shell, file):
    file.write_text(AREAS + "x,,CITY,44\n" * 60, encoding="utf-8")
    complaint = small_shell.bad("import", "areas", file)
    assert len(complaint) == 51
    assert complaint[-1] == "baodao: and 70 more"


def test_the_first_administrator_is_appointed_once_and_told_of(shell, database_url, file):
    shell.good("import", "areas", file)
    assert "li.lei administers 440606" in shell.good("bootstrap", "li.lei", "--area", "440606")
    roles = ask(database_url, lambda: Grant.all().order_by("role").values_list("role", flat=True))
    assert list(roles) == ["district_org_dept", "policy_admin"]
    told = ask(database_url, lambda: Event.all().order_by("pos").values_list("type", "note"))
    assert told == [("member.created", "bootstrap")] + [("grant.granted", "bootstrap")] * 2
    [complaint] = shell.bad("bootstrap", "somebody.else", "--area", "440606")
    assert "administers this district already" in complaint
    assert ask(database_url, lambda: Member.all().count()) == 1


def test_a_client_system_gets_an_account_and_keys(shell, database_url, file):
    shell.good("import", "areas", file)
    made = shell.good("account", "create", "town.system", "--area", "440606106", "--name", "镇平台")
    assert made.startswith("town.system is integration_client in 440606106.")
    first, second = (shell.good("account", "key", "town.system", *more) for more in ((), ("--label", "备用")))
    assert re.fullmatch(r"bd_[0-9A-Z]{26}_[\w-]{43}\n", first) and first != second
    credential = first[3:29]
    assert shell.good("account", "revoke", credential) == f"{credential} is revoked.\n"
    listed = shell.good("account", "keys", "town.system").splitlines()
    assert [(line.split()[0], line.split()[1]) for line in listed] == [
        (second[3:29], "live"),
        (credential, "revoked"),
    ]
    assert listed[0].endswith("备用")
    told = ask(database_url, lambda: Event.all().order_by("pos").values_list("type", "actor_id", "note"))
    assert [one for one in told if one[0] != "area.created"] == [
        ("member.created", None, None),
        ("grant.granted", None, "command line"),
        ("credential.issued", None, None),
        ("credential.issued", None, None),
        ("credential.revoked", None, "command line"),
    ]
    entries = ask(database_url, lambda: AuditEntry.filter(kind="Credential").count())
    assert entries == 3


def test_a_key_lasts_as_long_as_asked_and_not_too_long(small_shell, sqlite_url, file):
    small_shell.good("import", "areas", file)
    words = ("--area", "440606106", "--name", "镇平台", "--role", "observer")
    small_shell.good("account", "create", "town.system", *words)
    small_shell.good("account", "key", "town.system", "--for", "400d")
    until = ask(sqlite_url, lambda: Credential.get().values_list("until", flat=True))
    assert timedelta(days=399) < until - clock.now() < timedelta(days=400)
    [line] = small_shell.bad("account", "key", "town.system", "--for", "401d")
    assert line == "baodao: until: A key lasts at most 400 days."
    assert ask(sqlite_url, lambda: Grant.get().values_list("role", "area_id")) == ("observer", "440606106")


def test_an_account_is_never_made_administrator_nor_taken_for_a_person(small_shell, file, tmp_path):
    small_shell.good("import", "areas", file)
    small_shell.good("account", "create", "town.system", "--area", "440606106", "--name", "镇平台")
    [line] = small_shell.bad("bootstrap", "town.system", "--area", "440606")
    assert line.startswith("baodao: login: A service account holds only")
    [line] = small_shell.bad("account", "create", "town.system", "--area", "440606", "--name", "镇平台")
    assert line == "baodao: login: Somebody else has this login."
    small_shell.good("bootstrap", "li.lei", "--area", "440606")
    assert small_shell.bad("account", "key", "li.lei") == [
        "baodao: login: There is no such object, or you may not know of it."
    ]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("bootstrap", "li lei", "--area", "440606"), "login: A login consists of"),
        (("bootstrap", "li.lei", "--area", "440606106"), "area: This role is not held at this level"),
        (("bootstrap", "li.lei", "--area", "99"), "area: There is no such object"),
        (("token", "nobody"), "login: There is no such object"),
        (
            ("account", "create", "town.system", "--area", "99", "--name", "镇平台"),
            "area: There is no such object",
        ),
        (("account", "create", "a b", "--area", "440606", "--name", "镇平台"), "login: A login consists of"),
        (("account", "key", "nobody"), "login: There is no such object"),
        (("account", "keys", "nobody"), "login: There is no such object"),
        (("account", "revoke", "01JD3Y0V0ZK5Q4T7W2X8N6M1PB"), "credential: There is no such object"),
    ],
)
def test_a_command_is_refused_in_one_line(small_shell, file, words, complaint):
    small_shell.good("import", "areas", file)
    [line] = small_shell.bad(*words)
    assert line.startswith(f"baodao: {complaint}")


@pytest.mark.parametrize(
    ("words", "variables", "code", "complaint"),
    [
        (("serve",), {"BAODAO_PORT": "http"}, 2, "BAODAO_PORT must be a number"),
        (("serve", "--workers", "2"), {}, 2, "SQLite serves one worker"),
        (("migrate",), {"DATABASE_URL": "mysql://localhost/x"}, 2, "DATABASE_URL must be"),
        (("migrate",), {"DATABASE_URL": "postgres://127.0.0.1:1/x"}, 1, "Connect call failed"),
        (("token", "a"), {"BAODAO_SECRET": "short"}, 2, "BAODAO_SECRET must have at least 32"),
        (("token", "a"), {"BAODAO_JWKS_URL": "https://login.example/keys"}, 2, "identity provider"),
        (("token", "a", "--for", "soon"), {}, 2, "90s, 30m, 1h or 7d"),
        (("account", "key", "a", "--for", "soon"), {}, 2, "90s, 30m, 1h or 7d"),
        (("account", "create", "a", "--area", "44", "--name", "b", "--role", "unit_head"), {}, 2, "observer"),
        (("import", "areas", "missing.csv"), {}, 2, "does not exist"),
        (("import", "areas", "README.md"), {}, 1, "This column is missing"),
        (("fly",), {}, 2, "No such command"),
    ],
)
def test_what_cannot_work_is_said_without_a_traceback(small_shell, words, variables, code, complaint):
    assert complaint in " ".join(small_shell.bad(*words, code=code, **variables))


def test_a_server_without_our_tables_is_said_plainly(postgres_database, tmp_path):
    empty = Shell(tmp_path, f"{postgres_database.rpartition('/')[0]}/template1")
    [line] = empty.bad("tick")
    assert "did you run `baodao migrate`?" in line


def test_migrate_and_tick_can_be_run_at_any_time(tmp_path):
    fresh = Shell(tmp_path, f"sqlite://{tmp_path / 'new' / 'baodao.db'}")
    for _ in range(2):
        assert fresh.good("migrate") == "The database is up to date.\n"
    assert fresh.good("tick") == "0 limits had fallen due.\n"


def test_the_schema_is_printed_as_committed(small_shell):
    assert small_shell.good("schema") == (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")


def test_the_secret_is_made_once_and_is_nobody_elses_business(tmp_path):
    mine = read_settings({"BAODAO_DATA": str(tmp_path / "new")})
    first = mine.signing_secret()
    assert mine.signing_secret() == first
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret"]


SERVER = {"DATABASE_URL": "postgres://a/baodao"}
SETTINGS = [
    ({"BAODAO_PORT": "0"}, "BAODAO_PORT"),
    ({"BAODAO_PORT": "65536"}, "BAODAO_PORT"),
    ({"BAODAO_PORT": "²"}, "BAODAO_PORT"),
    ({"BAODAO_POOL_SIZE": "0"}, "BAODAO_POOL_SIZE"),
    ({"BAODAO_JWKS_URL": "login.example/keys"}, "BAODAO_JWKS_URL"),
    ({"BAODAO_JWKS_URL": "file:///etc/passwd"}, "BAODAO_JWKS_URL"),
    ({"BAODAO_CORS_ORIGINS": "https://a.example, b.example"}, "BAODAO_CORS_ORIGINS"),
    ({"BAODAO_CORS_ORIGINS": "https://a.example/app"}, "BAODAO_CORS_ORIGINS"),
    ({"BAODAO_SECRET": "x" * 31}, "BAODAO_SECRET"),
    ({"BAODAO_IDE": "yes"}, "BAODAO_IDE must be on or off"),
    ({"BAODAO_ENGINE": "fast"}, "BAODAO_ENGINE must be compiled or reference"),
    ({"BAODAO_VERIFY": "1.01"}, "BAODAO_VERIFY"),
    ({"BAODAO_VERIFY": "-0.1"}, "BAODAO_VERIFY"),
    ({"BAODAO_VERIFY": "nan"}, "BAODAO_VERIFY"),
    ({"BAODAO_ORDER": "late"}, "BAODAO_ORDER must be lock or sequencer, not 'late'"),
    ({"BAODAO_ORDER": "sequencer"}, "BAODAO_ORDER=sequencer needs DATABASE_URL to be a PostgreSQL server"),
    ({"BAODAO_RETENTION": "0"}, "BAODAO_RETENTION must be a number from 1"),
    ({"BAODAO_ANSWERS": "-1"}, "BAODAO_ANSWERS must be a number from 0"),
    ({"BAODAO_WEBHOOK_ALLOW": "10.0.0.0/33"}, "BAODAO_WEBHOOK_ALLOW must hold hosts or networks"),
    ({"BAODAO_METRICS": "yes"}, "BAODAO_METRICS must be local or on or off"),
    ({"BAODAO_METRICS_TOKEN": "short"}, "BAODAO_METRICS_TOKEN must have at least 16 characters"),
    ({"BAODAO_LOG": "xml"}, "BAODAO_LOG must be text or json"),
    ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT"),
    ({"DATABASE_URL": "baodao.db"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgres://"}, "DATABASE_URL"),
    (
        {"DATABASE_REPLICA_URL": "postgres://b/baodao"},
        "DATABASE_REPLICA_URL needs DATABASE_URL to be a PostgreSQL",
    ),
    ({**SERVER, "DATABASE_REPLICA_URL": "sqlite:///b.db"}, "DATABASE_REPLICA_URL must be postgres"),
    ({**SERVER, "DATABASE_REPLICA_URL": "postgres://"}, "DATABASE_REPLICA_URL must be postgres"),
    ({**SERVER, "DATABASE_REPLICA_URL": "postgres://b,c/baodao"}, "DATABASE_REPLICA_URL must be postgres"),
    ({**SERVER, "BAODAO_REPLICA_LAG": "0"}, "BAODAO_REPLICA_LAG must be a number from 1"),
]


@pytest.mark.parametrize(("variables", "named"), SETTINGS)
def test_a_setting_that_cannot_be_used_is_named(variables, named):
    with pytest.raises(BadSetting, match=named):
        read_settings(variables)


def test_settings_have_defaults_and_empty_ones_count_as_unset(tmp_path):
    chosen = read_settings({"BAODAO_DATA": str(tmp_path), "BAODAO_PORT": " ", "BAODAO_JWKS_URL": ""})
    assert (chosen.host, chosen.port, chosen.jwks_url) == ("127.0.0.1", 8000, None)
    assert chosen.database_url == f"sqlite://{tmp_path / 'baodao.db'}"
    assert (chosen.replica_url, chosen.replica_lag) == (None, 5)
    followed = read_settings(
        {**SERVER, "DATABASE_REPLICA_URL": "postgresql://b/baodao", "BAODAO_REPLICA_LAG": "2"}
    )
    assert (followed.replica_url, followed.replica_lag) == ("postgresql://b/baodao", 2)
    assert read_settings({"BAODAO_CORS_ORIGINS": "https://a.example/, *"}).origins == (
        "https://a.example",
        "*",
    )


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is about sockets: a service takes two seconds to start."""


class Service:
    """A running `baodao serve`."""

    def __init__(self, shell: Shell, database_url: str, *words: str) -> None:
        self.database_url = database_url
        self.settings = read_settings(shell.variables)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "baodao", "serve", "--port", str(self.port), *words]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=shell.environment(), stderr=subprocess.PIPE, text=True
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}")
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            with contextlib.suppress(httpx.TransportError):
                self.client.get("/healthz")
                return
            assert self.process.poll() is None, self.process.communicate()[1]
            time.sleep(0.1)
        raise TimeoutError("the service does not start")

    def token(self, login: str = "li.lei", lasting: timedelta = timedelta(hours=1)) -> str:
        return make_token(self.settings, login, lasting)

    def ask(self, query: str, token: str | None = None, **headers: str) -> httpx.Response:
        signed = {"authorization": f"Bearer {token}"} if token else {}
        return self.client.post("/graphql", json={"query": query}, headers=signed | headers)

    def stop(self) -> str:
        """What it wrote to its log."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[1]


@pytest.fixture
def service(shell: Shell, database_url: str, file: Path) -> Iterator[Service]:
    shell.good("import", "areas", file)
    shell.good("bootstrap", "li.lei", "--area", "440606")
    running = Service(shell, database_url)
    yield running
    log = running.stop()
    assert "Traceback" not in log, log


def test_the_service_answers_those_who_signed_in(service):
    health = service.client.get("/healthz")
    assert (health.status_code, health.json()["status"]) == (200, "ok")
    page = service.client.get("/graphql", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert not re.search(r'(src|href)="?(https?:)?//', page.text)
    answer = service.ask(HOLDERS, service.token()).json()["data"]["viewer"]
    assert answer["member"] == {"login": "li.lei"}
    assert {grant["role"] for grant in answer["grants"]} == {"policy_admin", "district_org_dept"}
    for query in (HOLDERS, "{ nonsense", ""):
        refused = service.ask(query)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert refused.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert service.ask(HOLDERS, "forged").status_code == 401
    assert service.ask(HOLDERS, service.token("nobody")).status_code == 401
    wrong = service.ask("{ nonsense }", service.token()).json()["errors"]
    assert wrong[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    asyncio.run(sockets(service))


async def sockets(service: Service) -> None:
    """Signs in over WebSocket in every permitted way, and is turned out in every other."""
    url, token = f"ws://127.0.0.1:{service.port}/graphql", f"Bearer {service.token()}"
    for payload in ({"authorization": token}, {"Authorization": token}):
        async with connect(url, subprotocols=[PROTOCOL]) as one:
            await one.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await one.recv()) == {"type": "connection_ack"}
            await one.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": HOLDERS}}))
            assert json.loads(await one.recv())["payload"]["data"]["viewer"]["member"] == {"login": "li.lei"}
    async with connect(url, subprotocols=[PROTOCOL], additional_headers={"authorization": token}) as one:
        await one.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await one.recv()) == {"type": "connection_ack"}
    for payload in ({}, {"authorization": "Bearer forged"}, {"authorization": 7}):
        async with connect(url, subprotocols=[PROTOCOL]) as one:
            await one.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert await closing_code(one) == 4403


async def closing_code(one) -> int | None:
    with pytest.raises(ConnectionClosed) as closed:
        async with asyncio.timeout(20):
            while True:
                await one.recv()
    return closed.value.rcvd.code if closed.value.rcvd else None


async def test_a_socket_ends_with_its_token_and_with_its_member(service):
    url = f"ws://127.0.0.1:{service.port}/graphql"
    async with connect(url, subprotocols=[PROTOCOL]) as short, connect(url, subprotocols=[PROTOCOL]) as long:
        for one, lasting in ((short, timedelta(seconds=1)), (long, timedelta(hours=1))):
            token = f"Bearer {service.token(lasting=lasting)}"
            await one.send(json.dumps({"type": "connection_init", "payload": {"authorization": token}}))
            assert json.loads(await one.recv()) == {"type": "connection_ack"}
        assert await closing_code(short) == 4403
        async with database(service.database_url):
            await Member.filter(login="li.lei").update(disabled_at=clock.now())
        assert await closing_code(long) == 4403
    assert service.ask(HOLDERS, service.token()).status_code == 401


@ON_SQLITE
async def test_a_key_opens_both_doors_and_its_sockets_end_with_it(service, shell):
    words = ("--area", "440606106", "--name", "镇平台")
    await asyncio.to_thread(shell.good, "account", "create", "town.system", *words)
    key, other = [
        (await asyncio.to_thread(shell.good, "account", "key", "town.system")).strip() for _ in "12"
    ]
    answer = service.ask("{ viewer { member { login service } } }", key)
    assert answer.json()["data"]["viewer"]["member"] == {"login": "town.system", "service": True}
    said = set()
    for wrong in (key[:-1], other[:30] + key[30:], "bd_" + "x" * 9_000, "bd_"):
        refused = service.ask(HOLDERS, wrong)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        said.add(refused.text)
    odd = service.client.post(
        "/graphql",
        json={"query": HOLDERS},
        headers={b"authorization": f"Bearer {key[:-1]}é".encode("latin-1")},
    )
    assert odd.status_code == 401 and said == {odd.text}
    url = f"ws://127.0.0.1:{service.port}/graphql"
    async with (
        connect(url, subprotocols=[PROTOCOL]) as one,
        connect(url, subprotocols=[PROTOCOL], additional_headers={"authorization": f"Bearer {other}"}) as two,
        connect(url, subprotocols=[PROTOCOL]) as three,
    ):
        await one.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {key}"}}))
        await two.send(json.dumps({"type": "connection_init"}))
        await three.send(
            json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {key[:-1]}"}})
        )
        for socket_of_a_key in (one, two):
            assert json.loads(await socket_of_a_key.recv()) == {"type": "connection_ack"}
        assert await closing_code(three) == 4403
        await asyncio.to_thread(shell.good, "account", "revoke", key[3:29])
        assert service.ask(HOLDERS, key).text == odd.text
        assert await closing_code(one) == 4403
        await two.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": HOLDERS}}))
        viewer = json.loads(await two.recv())["payload"]["data"]["viewer"]
        assert viewer == {"member": {"login": "town.system"}, "grants": [{"role": "integration_client"}]}


@ON_SQLITE
async def test_an_open_socket_is_answered_by_the_rights_of_this_moment(service):
    """Not by those of when it was opened."""
    url, query = f"ws://127.0.0.1:{service.port}/graphql", "{ policyVersions { totalCount } }"
    async with connect(url, subprotocols=[PROTOCOL]) as one:
        payload = {"authorization": f"Bearer {service.token()}"}
        await one.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await one.recv()) == {"type": "connection_ack"}
        assert await count(one, "before", query) == 1
        async with database(service.database_url):
            await Grant.all().update(revoked_at=clock.now())
        assert await count(one, "after", query) == 0


async def count(one, id: str, query: str) -> int:
    await one.send(json.dumps({"id": id, "type": "subscribe", "payload": {"query": query}}))
    data = json.loads(await one.recv())["payload"]["data"]
    assert json.loads(await one.recv())["type"] == "complete"
    return data["policyVersions"]["totalCount"]


def test_the_settings_of_the_process_are_read_once():
    assert settings() is settings()
