"""What /metrics tells, to whom, and that nothing in it comes from a client or is about a person."""

import json
import re
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from api import published
from prometheus_client import CollectorRegistry, Counter
from running import Running, parsed, run
from test_endpoint import own_settings  # noqa: F401  (a fixture)
from walk_claims import AWAITS, LEFT_BY_TIMER

from baodao import metrics
from baodao.asgi import application
from baodao.looks import _look_at_webhooks
from models import Event, Member, SlaClock, Webhook, WebhookDelivery, WebhookState, clock, orphans
from models.reasons import REASONS
from resolvers.tail import log_head
from schema.errors import BUG, CODES
from schema.problems import ProblemCode

UNITS = "query Units($first: Int) { units(first: $first) { edges { node { name } } } }"
ACCEPT = "mutation($input: AcceptTaskInput!) { acceptTask(input: $input) { problems { code } } }"
SPREAD = "{ ...F } fragment F on Query { ...G ...G } fragment G on Query { areas { totalCount } }"
UPDATES = "subscription { taskUpdates { cursor event { type } } }"
SECRET = "a-token-for-the-scraper"
PHONE = "13800138000"


@pytest.fixture
async def service(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    async with run(database_url, monkeypatch, tmp_path) as running:
        yield running


@pytest.fixture
async def small_service(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    async with run(sqlite_url, monkeypatch, tmp_path) as running:
        yield running


async def added(service: Running, work: Awaitable[object]) -> dict[str, float]:
    """To each figure by some work: the counters are this whole process's."""
    before = await service.figures()
    await work
    after = await service.figures()
    return {name: value - before.get(name, 0) for name, value in after.items()}


def requests(told: dict[str, float], kind: str, field: str) -> float:
    """Of whatever status."""
    begin = f'baodao_request_seconds_count{{field="{field}",kind="{kind}",status='
    return sum(value for name, value in told.items() if name.startswith(begin))


async def test_requests_are_counted_by_what_they_ask_for(small_service: Running) -> None:
    async def work() -> None:
        for _ in range(3):
            await small_service.ask("zr.liaison", UNITS, first=2)
        await small_service.ask("zr.liaison", "{ a: viewer { member { login } } b: areas { totalCount } }")
        await small_service.ask("zr.liaison", SPREAD)
        await small_service.ask("zr.liaison", "{ nonsense }")
        await small_service.client.post("/graphql", json={"query": UNITS})
        await small_service.ask("zr.liaison", ACCEPT, input={"task": "rubbish"})
        await small_service.client.get(f"/{PHONE}")

    told = await added(small_service, work())
    assert told['baodao_request_seconds_count{field="units",kind="query",status="2xx"}'] == 3
    assert told['baodao_request_seconds_count{field="",kind="unknown",status="4xx"}'] >= 1
    assert told['baodao_request_seconds_count{field="",kind="other",status="4xx"}'] == 1
    assert requests(told, "query", "several") == requests(told, "query", "areas") == 1
    assert requests(told, "mutation", "acceptTask") == 1
    assert requests(told, "unknown", "") == 2


async def test_what_came_of_mutations_and_each_no_is_counted(service: Running) -> None:
    async def work() -> None:
        _, [task] = await service.town.issue("zr")
        for _ in range(2):
            await service.ask("tianhu.cadre", ACCEPT, input={"task": task})
        await service.ask("zr.liaison", "query($id: ID!) { task(id: $id) { state } }", id="rubbish")
        await service.ask("zr.liaison", "{ nonsense }")
        await service.client.post("/graphql", json={"query": UNITS})

    told = await added(service, work())
    assert told['baodao_mutations_total{name="draftSummons",outcome="done"}'] == 1
    assert told['baodao_mutations_total{name="acceptTask",outcome="refused"}'] == 2
    assert told['baodao_refusals_total{code="NOT_ALLOWED",reason_code="NO_RULE"}'] == 2
    assert told['baodao_refusals_total{code="BAD_USER_INPUT",reason_code="MALFORMED_ID"}'] == 1
    assert told['baodao_refusals_total{code="GRAPHQL_VALIDATION_FAILED",reason_code=""}'] == 1
    assert told['baodao_refusals_total{code="UNAUTHENTICATED",reason_code=""}'] == 1
    assert told["baodao_statements_total"] > 10


async def test_subscribers_and_how_far_they_are_behind_are_told(service: Running) -> None:
    async with service.listening("tianhu.secretary", UPDATES) as socket:
        await service.once(lambda told: told["baodao_stream_listeners"] == 1)
        told = await added(service, service.town.draft("zr"))
        assert "summons.drafted" in str(await socket.recv())
        now = await service.figures()
    assert now["baodao_sockets"] == now["baodao_socket_operations"] == now["baodao_stream_groups"] == 1
    assert now["baodao_stream_lag_events"] == now["baodao_stream_lag_seconds"] == 0
    assert told["baodao_log_head"] == 1
    await service.once(lambda told: told["baodao_socket_operations"] == 0)


async def test_what_is_asked_over_a_socket_is_timed_too(small_service: Running) -> None:
    async def work() -> None:
        async with small_service.listening("tianhu.secretary", UPDATES) as socket:
            query = {"query": "{ viewer { member { login } } }"}
            await socket.send(json.dumps({"id": "2", "type": "subscribe", "payload": query}))
            assert json.loads(await socket.recv())["payload"]["data"]
            assert json.loads(await socket.recv())["type"] == "complete"

    told = await added(small_service, work())
    timed = {name: number for name, number in told.items() if "baodao_request_seconds_count" in name}
    assert sum(number for name, number in timed.items() if 'kind="query"' in name) == 1, timed


async def test_whoever_was_not_told_of_an_event_shows(small_service: Running) -> None:
    from baodao.looks import _look_behind

    for _ in range(3):
        await small_service.town.draft("zr")
    small_service.town.time.advance(timedelta(seconds=90))
    await _look_behind([1, 3])
    assert (metrics.LAG._value.get(), metrics.LAG_SECONDS._value.get()) == (2, 90)


async def test_the_timers_and_what_waits_for_them_are_told(service: Running) -> None:
    await service.town.issue("zr")
    before = await service.figures()
    assert before['baodao_ticks_total{outcome="done"}'] >= 1
    assert before["baodao_clocks_due"] == before["baodao_clocks_overdue"] == 0
    due = clock.now() - timedelta(seconds=30)
    await SlaClock.filter(task_id__isnull=False).update(next_at=due)
    waits = await service.figures()
    assert waits["baodao_clocks_due"] == waits["baodao_clocks_overdue"] == 1
    taken = 'baodao_timer_steps_total{outcome="taken"}'
    after = await service.once(lambda told: told["baodao_clocks_due"] == 0)
    assert after[taken] == before.get(taken, 0) + 1
    assert after["baodao_last_tick_timestamp_seconds"] > before["baodao_last_tick_timestamp_seconds"]


async def test_a_live_task_without_its_clock_is_an_orphan(service: Running) -> None:
    await service.town.issue("zr", "zf")
    assert (await service.figures())["baodao_orphans"] == 0
    first, second = await SlaClock.filter(task_id__isnull=False)
    await SlaClock.filter(id=first.id).update(next_at=None)
    assert (await service.figures())["baodao_orphans"] == 1
    await SlaClock.filter(id=second.id).update(stopped_at=clock.now())
    assert (await service.figures())["baodao_orphans"] == 2


async def test_how_far_webhooks_are_behind_is_told(small_service: Running) -> None:
    town = small_service.town
    await town.issue("zr")
    head = await log_head()
    town.time.advance(timedelta(seconds=90))
    webhook = await Webhook.create(
        account=town.world.members["junan.system"],
        area=town.world.areas["440606106"],
        path=town.world.areas["440606106"].path,
        url="https://hooks.example.org/",
        state=WebhookState.PAUSED,
        created_at=clock.now(),
    )
    assert await webhook_figures() == (0, 0, 0)
    await Webhook.filter(id=webhook.id).update(state=WebhookState.ACTIVE, position=head - 1)
    assert await webhook_figures() == (1, 90, 0)
    first = await Event.all().order_by("pos").first()
    assert first is not None
    await WebhookDelivery.create(
        webhook=webhook, path=webhook.path, event_id=first.id, pos=first.pos, subject=first.aggregate_id
    )
    await Webhook.filter(id=webhook.id).update(position=head)
    assert await webhook_figures() == (0, 90, 1)


async def test_a_webhook_is_not_behind_for_what_is_not_its_own(small_service: Running) -> None:
    town = small_service.town
    await town.issue("zr")
    town.time.advance(timedelta(days=1))
    await Webhook.create(
        account=town.world.members["junan.system"],
        area=town.world.areas["440606106"],
        path=town.world.areas["440606106"].path,
        url="https://hooks.example.org/",
        types=["task.evaluated"],
        created_at=clock.now(),
    )
    assert await webhook_figures() == (0, 0, 0)


async def webhook_figures() -> tuple[float, float, float]:
    """Positions and seconds behind, and how many events wait."""
    await _look_at_webhooks()
    figures = metrics.WEBHOOK_LAG, metrics.WEBHOOK_LAG_SECONDS, metrics.DELIVERIES.labels("waiting")
    lag, seconds, waiting = (figure._value.get() for figure in figures)
    return lag, seconds, waiting


def test_an_orphan_is_what_the_random_walk_calls_forgotten() -> None:
    assert orphans.AWAITED == AWAITS
    assert set(orphans.LEFT_BY_TIMER) == LEFT_BY_TIMER


async def test_kept_answers_and_the_rules_in_force_are_told(small_service: Running) -> None:
    async def work() -> None:
        for _ in range(4):  # unknown, made, and twice out of the memory
            await small_service.ask("zr.liaison", "{ units(first: 3) { edges { node { name } } } }")

    told = await added(small_service, work())
    assert told['baodao_answers_total{from="kept"}'] == 2
    assert told['baodao_answers_total{from="made"}'] == 1
    assert (await small_service.figures())["baodao_policy_version"] == 1


async def test_connections_are_told(service: Running, database_url: str) -> None:
    told = await service.figures()
    has_pool = database_url.startswith("postgres")
    assert (told['baodao_pool_connections{state="open"}'] >= 1) is has_pool
    assert told['baodao_pool_connections{state="busy"}'] <= told['baodao_pool_connections{state="open"}']
    assert [name for name in told if name.startswith("process_resident_memory_bytes{pid=")]


LABEL = re.compile(r'(\w+)="([^"]*)"')


async def test_no_label_comes_from_a_client_and_nothing_is_about_a_person(small_service: Running) -> None:
    who = await Member.get(login="tianhu.secretary")
    await Member.filter(id=who.id).update(phone=PHONE)
    await small_service.town.draft("zr", title="王老五家漏水", text=f"请打 {PHONE}")
    for query in (f"query Q{PHONE} {{ p{PHONE}: viewer {{ member {{ login phone }} }} }}", f"{{ x{PHONE} }}"):
        await small_service.ask(who.login, query)
    await small_service.client.request(f"X{PHONE}", f"/graphql/{PHONE}?q={PHONE}", headers={"x": PHONE})
    text = (await small_service.client.get("/metrics")).text
    for private in (PHONE, who.login, who.name, who.id, "王老五", "secretary"):
        assert private not in text
    graph = published()
    roots = (graph.query_type, graph.mutation_type, graph.subscription_type)
    fields = {name for type in roots if type for name in type.fields} | {
        "several",
        "",
        "__schema",
        "__typename",
    }
    allowed = {
        "field": fields,
        "name": fields,
        "kind": {"query", "mutation", "subscription", "unknown", "other"},
        "code": {
            *CODES.values(),
            BUG,
            *(code.value for code in ProblemCode),
            "UNAUTHENTICATED",
            "BAD_USER_INPUT",
        }
        | {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"},
        "reason_code": {*REASONS, ""},
        "status": {"2xx", "3xx", "4xx", "5xx"},
    }
    found = {pair for line in text.splitlines() if not line.startswith("#") for pair in LABEL.findall(line)}
    assert {name for name, _ in found} >= set(allowed)
    assert [(name, value) for name, value in found if value not in allowed.get(name, {value})] == []


HERE, ELSEWHERE = ("127.0.0.1", 5), ("203.0.113.9", 5)


@pytest.mark.parametrize(
    ("variables", "client", "headers", "status"),
    [
        ({}, HERE, {}, 200),
        ({}, ("::1", 5), {}, 200),
        ({}, ELSEWHERE, {}, 403),
        ({}, HERE, {"x-forwarded-for": "127.0.0.1"}, 403),
        ({}, HERE, {"forwarded": "for=203.0.113.9"}, 403),
        ({"BAODAO_METRICS": "on"}, ELSEWHERE, {}, 200),
        ({"BAODAO_METRICS": "off"}, HERE, {}, 404),
        (
            {"BAODAO_METRICS": "off", "BAODAO_METRICS_TOKEN": SECRET},
            HERE,
            {"authorization": f"Bearer {SECRET}"},
            404,
        ),
        ({"BAODAO_METRICS_TOKEN": SECRET}, HERE, {}, 401),
        ({"BAODAO_METRICS_TOKEN": SECRET}, HERE, {"authorization": "Bearer wrong"}, 401),
        ({"BAODAO_METRICS_TOKEN": SECRET}, HERE, {"authorization": f"Basic {SECRET}"}, 401),
        ({"BAODAO_METRICS_TOKEN": SECRET}, ELSEWHERE, {"authorization": f"Bearer {SECRET}"}, 200),
    ],
)
async def test_the_figures_are_for_this_machine_or_who_has_the_token(
    sqlite_db: str,
    own_settings: None,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    client: tuple[str, int],
    headers: dict[str, str],
    status: int,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    there = httpx.ASGITransport(application(), client=client)
    async with httpx.AsyncClient(transport=there, base_url="http://baodao") as asking:
        answer = await asking.get("/metrics", headers=headers)
    assert (answer.status_code, "baodao_orphans" in answer.text) == (status, status == 200)
    if status == 200:
        assert parsed(answer.text)["baodao_database_up"] == 1


def test_a_carried_counter_follows_a_number_and_begins_anew_with_another() -> None:
    counter = Counter("followed", "Words", registry=CollectorRegistry())
    carried = metrics.Carried(counter)
    for number in (3, 5, 5, 2):
        carried.up_to(number)
    assert counter._value.get() == 7
