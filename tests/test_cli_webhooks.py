"""The commands of `baodao webhook`, and the service that sends what they ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from receiver import receiving
from standardwebhooks import Webhook as Signature
from test_cli import Shell, ask, file, small_shell  # noqa: F401
from test_endpoint import own_settings  # noqa: F401

from actions.addresses import Allowed, allow
from actions.grants import NewGrant, grant_role
from actions.service_accounts import NewAccount, create_service_account
from actions.webhooks import NewWebhook, register_webhook
from baodao.asgi import application, lifespan
from baodao.settings import settings
from models import Area, DeliveryState, Event, Webhook, WebhookDelivery, WebhookSecret, clock
from policies.actor import SYSTEM

URL = "https://hooks.example/baodao"


@pytest.fixture
def town(small_shell: Shell, file: Path) -> Shell:  # noqa: F811
    """With a client system in it."""
    small_shell.good("import", "areas", file)
    small_shell.good("account", "create", "town.system", "--area", "440606106", "--name", "镇平台")
    return small_shell


def listed(shell: Shell) -> list[list[str]]:
    return [line.split() for line in shell.good("webhook", "list").splitlines()]


async def give_up(webhook: str) -> str:
    """A dead letter's id."""
    event, row = await Event.all().order_by("pos").first(), await Webhook.get(id=webhook)
    assert event is not None
    letter = WebhookDelivery(webhook=row, path=row.path, event_id=event.id, pos=event.pos, subject="s")
    letter.state, letter.attempts, letter.status, letter.failed_at = DeliveryState.DEAD, 10, 503, clock.now()
    await letter.save()
    return letter.id


def test_a_webhook_lives_by_commands(town: Shell, sqlite_url: str) -> None:
    types = ("--type", "task.accepted", "--type", "summons.issued")
    id, secret = town.good("webhook", "add", "town.system", URL, *types).splitlines()
    assert listed(town) == [[id, "ACTIVE", "0", "0", "town.system", URL]]
    assert town.good("webhook", "pause", id, "--reason", "维护") == f"{id} is paused.\n"
    assert listed(town)[0][1] == "PAUSED"
    assert town.good("webhook", "resume", id) == f"{id} is active.\n"
    second = town.good("webhook", "rotate", id, "--overlap", "30").strip()
    assert secret.startswith("whsec_") and second.startswith("whsec_") and second != secret
    secrets: list[str] = ask(sqlite_url, lambda: WebhookSecret.all().values_list("text", flat=True))
    assert set(secrets) == {secret, second}
    letter = ask(sqlite_url, lambda: give_up(id))
    assert listed(town)[0][3] == "1"
    assert [line.split()[:3] for line in town.good("webhook", "dead", id).splitlines()] == [
        [letter, "10", "503"]
    ]
    assert town.good("webhook", "redeliver", id, "--delivery", letter) == f"{id} gets them again.\n"
    assert town.good("webhook", "dead", id) == ""
    assert town.good("webhook", "redeliver", id) == f"{id} gets them again.\n"
    assert town.good("webhook", "remove", id) == f"{id} is removed.\n"
    assert listed(town) == []
    told = ask(
        sqlite_url, lambda: Event.filter(aggregate="Webhook").order_by("pos").values_list("type", "note")
    )
    assert [tuple(one) for one in told] == [
        ("webhook.registered", None),
        ("webhook.paused", "维护"),
        ("webhook.resumed", None),
        ("webhook.secretRotated", None),
        ("webhook.redelivered", None),
        ("webhook.redelivered", None),
        ("webhook.removed", "command line"),
    ]
    row = ask(sqlite_url, lambda: Webhook.get())
    assert (row.types, row.created_by_id, row.area_id) == (
        ["task.accepted", "summons.issued"],
        None,
        "440606106",
    )


NOWHERE = "01JD3Y0V0ZK5Q4T7W2X8N6M1PB"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("add", "nobody", URL), "login: There is no such object"),
        (("add", "town.system", "https://10.0.0.1/"), "url: This address is not public"),
        (("add", "town.system", "http://hooks.example/"), "url: Events are sent by https alone"),
        (("add", "town.system", URL, "--type", "task.eaten"), "types 0: No event bears this name"),
        (("pause", NOWHERE), "webhook: There is no such object"),
        (("redeliver", NOWHERE, "--after", "x"), "after: This is not a cursor"),
    ],
)
def test_a_command_is_refused_in_one_line(town: Shell, words: tuple[str, ...], complaint: str) -> None:
    [line] = town.bad("webhook", *words)
    assert line.startswith(f"baodao: {complaint}"), line


def test_what_the_operator_allows_is_good(town: Shell) -> None:
    more = {"BAODAO_WEBHOOK_ALLOW": "10.0.0.0/8, hooks.lan"}
    for url in ("http://10.0.0.1/", "http://hooks.lan/"):
        assert len(town.good("webhook", "add", "town.system", url, **more).splitlines()) == 2


@pytest.fixture
def allowing(own_settings: None, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: F811
    """Settings of an operator who lets events be sent to this machine."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("BAODAO_WEBHOOK_ALLOW", "127.0.0.1")
    settings.cache_clear()
    yield
    allow(Allowed())


async def test_the_service_itself_sends(allowing: None) -> None:
    async with receiving() as receiver, lifespan(application()):
        await Area.create(code="44", name="广东省", level="PROVINCE", path="44.", depth=1)
        account = await create_service_account(SYSTEM, NewAccount("province.system", "省平台", "44"))
        made = await register_webhook(SYSTEM, NewWebhook(account.object_id, receiver.url))
        await grant_role(SYSTEM, NewGrant(account.object_id, "integration_client", area="44", reason="试"))
        await receiver.has(1)
    assert made.secret is not None
    told = Signature(made.secret).verify(receiver.got[0].body, receiver.got[0].headers)
    assert (receiver.types, told["data"]["area"]["name"]) == (["grant.granted"], "广东省")
