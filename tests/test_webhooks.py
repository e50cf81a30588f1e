"""Webhooks in the API: who may have one, for whose events, and what becomes of it."""

import json

import pytest
from api import Answer, ask, do, why_not
from matter import Matter
from receiver import receiving
from sending import ACCOUNT, COORDINATOR, change, hook_to, loopback  # noqa: F401
from world import World, everything

from models import AuditEntry, Event, LogEpoch, Member, Webhook, WebhookDelivery, WebhookSecret, WebhookState
from resolvers.cursors import LogCursors
from resolvers.ids import global_id

pytest_plugins = ["monday"]

URL = "https://hooks.example/baodao"
REGISTER = """mutation($input: RegisterWebhookInput!) { registerWebhook(input: $input) {
    secret event { type area { code } }
    webhook { id url description types state area { code } account { login } createdBy { login } version }
    problems { __typename message path ... on InvalidInput { reasonCode } } } }"""
ROTATE = "mutation($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { secret } }"


async def register(world: World, login: str = COORDINATOR, **more: object) -> Answer:
    given = {"account": global_id(world.members[ACCOUNT]), "url": URL} | more
    payload: Answer = (await ask(login, REGISTER, input=given))["registerWebhook"]
    return payload


async def registered(world: World, **more: object) -> str:
    payload = await register(world, **more)
    assert payload["problems"] == [], payload["problems"]
    return str(payload["webhook"]["id"])


async def test_a_webhook_is_registered_for_an_account_and_its_secret_shown_once(world: World) -> None:
    given = {"description": "镇平台", "types": ["task.accepted"], "idempotencyKey": "one"}
    first = await register(world, **given)
    assert first["event"] == {"type": "webhook.registered", "area": {"code": "440606106"}}
    assert first["webhook"] | {"id": ""} == {
        "id": "",
        "url": URL,
        "description": "镇平台",
        "types": ["task.accepted"],
        "state": "ACTIVE",
        "area": {"code": "440606106"},
        "account": {"login": ACCOUNT},
        "createdBy": {"login": COORDINATOR},
        "version": 1,
    }
    secret = (await WebhookSecret.get()).text
    assert first["secret"] == secret and secret.startswith("whsec_") and len(secret) == 50
    again = await register(world, **given)
    assert (again["secret"], again["webhook"]["id"]) == (None, first["webhook"]["id"])
    assert await Webhook.all().count() == 1
    entries = await AuditEntry.filter(kind="Webhook").values()
    assert len(entries) == 1 and secret not in json.dumps(entries, default=str)


WHO = [
    (COORDINATOR, ACCOUNT, []),
    ("shunde.org", ACCOUNT, []),
    ("longjiang.coordinator", ACCOUNT, ["NotFound NOT_FOUND account"]),
    ("tianhu.secretary", ACCOUNT, ["NotFound NOT_FOUND account"]),
    ("junan.observer", ACCOUNT, ["NotAllowed NO_RULE"]),
    ("shunde.policy", ACCOUNT, ["NotAllowed NO_RULE"]),
    (ACCOUNT, ACCOUNT, ["NotAllowed NO_RULE"]),
    (COORDINATOR, "tianhu.secretary", ["NotAllowed WRONG_PLACE"]),
    (COORDINATOR, "junan.leader", ["InvalidInput NOT_A_SERVICE_ACCOUNT account"]),
    ("shunde.org", "tianhu.secretary", ["InvalidInput NOT_A_SERVICE_ACCOUNT account"]),
]


@pytest.mark.parametrize(("login", "account", "problems"), WHO)
async def test_it_is_registered_by_who_manages_webhooks_there_and_the_account(
    sqlite_world: World, login: str, account: str, problems: list[str]
) -> None:
    before = await everything()
    given = {"account": global_id(sqlite_world.members[account]), "url": URL}
    assert await why_not(login, "registerWebhook", given) == problems
    assert (await everything() == before) is bool(problems)


async def test_an_account_never_registers_one_for_itself(sqlite_world: World) -> None:
    await sqlite_world.hold(ACCOUNT, "town_coordinator", area="440606106")
    given = {"account": global_id(sqlite_world.members[ACCOUNT]), "url": URL}
    assert await why_not(ACCOUNT, "registerWebhook", given) == ["NotAllowed OWN_ACCOUNT"]


async def test_every_fault_is_told_at_once(sqlite_world: World) -> None:
    given = {
        "account": global_id(sqlite_world.members["junan.leader"]),
        "url": "https://127.0.0.1/",
        "description": "长" * 201,
    }
    assert await why_not(COORDINATOR, "registerWebhook", given) == [
        "InvalidInput NOT_A_SERVICE_ACCOUNT account",
        "InvalidInput URL_NOT_PUBLIC url",
        "InvalidInput TOO_LONG description",
    ]
    types = {"account": global_id(sqlite_world.members[ACCOUNT]), "url": URL, "types": ["task.accepted", "x"]}
    assert await why_not(COORDINATOR, "registerWebhook", types) == ["InvalidInput EVENT_TYPE_UNKNOWN types/1"]


async def test_an_account_has_at_most_five_and_a_disabled_one_none(sqlite_world: World) -> None:
    hooks = [await registered(sqlite_world, url=f"{URL}/{number}") for number in range(5)]
    given = {"account": global_id(sqlite_world.members[ACCOUNT]), "url": URL}
    assert await why_not(COORDINATOR, "registerWebhook", given) == ["InvalidInput TOO_MANY_WEBHOOKS"]
    await change("removeWebhook", webhook=hooks[0], reason="停用。")
    await registered(sqlite_world)
    await Member.filter(login=ACCOUNT).update(disabled_at=sqlite_world.members[ACCOUNT].created_at)
    await change("removeWebhook", webhook=hooks[1], reason="停用。")
    assert await why_not(COORDINATOR, "registerWebhook", given) == ["InvalidInput MEMBER_DISABLED account"]


async def test_what_is_left_out_of_a_change_stays(sqlite_world: World) -> None:
    hook = await registered(sqlite_world, description="镇平台", types=["task.accepted"])
    await do(COORDINATOR, "updateWebhook", {"webhook": hook, "url": f"{URL}/new"})
    row = await Webhook.get()
    assert (row.url, row.description, row.types, row.version) == (
        f"{URL}/new",
        "镇平台",
        ["task.accepted"],
        2,
    )
    await do(COORDINATOR, "updateWebhook", {"webhook": hook, "types": [], "description": ""})
    row = await Webhook.get()
    assert (row.url, row.description, row.types, row.version) == (f"{URL}/new", "", [], 3)
    stale = {"webhook": hook, "description": "x", "version": 2}
    assert await why_not(COORDINATOR, "updateWebhook", stale) == ["Conflict VERSION_CHANGED"]
    bad = {"webhook": hook, "url": "https://10.0.0.1/"}
    assert await why_not(COORDINATOR, "updateWebhook", bad) == ["InvalidInput URL_NOT_PUBLIC url"]


async def test_another_address_needs_the_right_to_manage_the_account(sqlite_world: World) -> None:
    """Whoever may only manage webhooks must not have somebody's events sent to themselves."""
    hook = await registered(sqlite_world)
    account = sqlite_world.members[ACCOUNT]
    district = sqlite_world.areas["440606104"]
    await Member.filter(id=account.id).update(area_id=district.code, area_path=district.path)
    given = {"webhook": hook, "url": f"{URL}/mine"}
    assert await why_not(COORDINATOR, "updateWebhook", given) == ["NotAllowed WRONG_PLACE"]
    assert await why_not(COORDINATOR, "updateWebhook", {"webhook": hook, "description": "x"}) == []
    assert await why_not("shunde.org", "updateWebhook", given) == []


async def test_the_steps_start_where_they_may(world: World) -> None:
    hook = await registered(world)
    assert await why_not(COORDINATOR, "resumeWebhook", {"webhook": hook}) == ["WrongState WRONG_STATE"]
    await change("pauseWebhook", webhook=hook, reason="维护。")
    pause = {"webhook": hook, "reason": "再次。"}
    assert await why_not(COORDINATOR, "pauseWebhook", pause) == ["WrongState WRONG_STATE"]
    await change("resumeWebhook", webhook=hook)
    await change("removeWebhook", webhook=hook, reason="停用。")
    for mutation, more in (
        *(("updateWebhook", {"url": URL}), ("pauseWebhook", {"reason": "x"}), ("resumeWebhook", {})),
        *(("rotateWebhookSecret", {}), ("redeliverWebhook", {}), ("removeWebhook", {"reason": "x"})),
    ):
        assert await why_not(COORDINATOR, mutation, {"webhook": hook, **more}) == [
            "WrongState WEBHOOK_REMOVED"
        ]
    told = await Event.filter(aggregate="Webhook").order_by("pos").values_list("type", "note", "version")
    assert [tuple(one) for one in told] == [
        ("webhook.registered", None, 1),
        ("webhook.paused", "维护。", 2),
        ("webhook.resumed", None, 3),
        ("webhook.removed", "停用。", 4),
    ]


async def test_a_removed_one_leaves_its_history_and_no_secret(sqlite_world: World) -> None:
    hook = await registered(sqlite_world)
    await change("removeWebhook", webhook=hook, reason="停用。")
    assert (await Webhook.get()).state == WebhookState.REMOVED
    assert await WebhookSecret.all().count() == await WebhookDelivery.all().count() == 0
    assert (await ask(COORDINATOR, "{ webhooks { totalCount } }"))["webhooks"] == {"totalCount": 0}
    history = '{ events(types: ["webhook.removed"]) { edges { node { type } } } }'
    assert len((await ask(COORDINATOR, history))["events"]["edges"]) == 1


LIST = "{ webhooks { totalCount edges { node { id url } } } }"
READERS = [
    (COORDINATOR, 1),
    ("shunde.org", 1),
    ("longjiang.coordinator", 0),
    ("junan.observer", 0),
    (ACCOUNT, 0),
]


@pytest.mark.parametrize(("login", "number"), READERS)
async def test_only_who_manages_them_sees_webhooks_and_their_events(
    sqlite_world: World, login: str, number: int
) -> None:
    hook = await registered(sqlite_world)
    listed = (await ask(login, LIST))["webhooks"]
    assert (listed["totalCount"], len(listed["edges"])) == (number, number)
    node = await ask(login, "query($id: ID!) { node(id: $id) { id } }", id=hook)
    assert (node["node"] is not None) is bool(number)
    told = await ask(login, '{ events(types: ["webhook.registered"]) { edges { node { type } } } }')
    assert len(told["events"]["edges"]) == number
    problems = await why_not(login, "pauseWebhook", {"webhook": hook, "reason": "x"})
    assert problems == ([] if number else ["NotFound NOT_FOUND webhook"])


async def test_webhooks_are_listed_of_an_area_and_page_by_page(sqlite_world: World) -> None:
    hooks = [await registered(sqlite_world, url=f"{URL}/{number}") for number in range(3)]
    page = """query($after: Cursor) {
        webhooks(area: "440606", first: 2, after: $after) { edges { cursor node { id } } } }"""
    first = (await ask("shunde.org", page))["webhooks"]["edges"]
    rest = (await ask("shunde.org", page, after=first[-1]["cursor"]))["webhooks"]["edges"]
    assert [edge["node"]["id"] for edge in first + rest] == hooks[::-1]
    elsewhere = '{ webhooks(area: "440606104") { totalCount } }'
    assert (await ask("shunde.org", elsewhere))["webhooks"] == {"totalCount": 0}


async def test_a_rotation_is_bounded_and_shows_its_secret_once(sqlite_world: World) -> None:
    hook = await registered(sqlite_world)
    for overlap in (-1, 10_081):
        given = {"webhook": hook, "overlap": overlap}
        assert await why_not(COORDINATOR, "rotateWebhookSecret", given) == [
            "InvalidInput OVERLAP_OUT_OF_RANGE overlap"
        ]
    given = {"webhook": hook, "overlap": 0, "idempotencyKey": "one"}
    first = (await ask(COORDINATOR, ROTATE, input=given))["rotateWebhookSecret"]["secret"]
    assert (await ask(COORDINATOR, ROTATE, input=given))["rotateWebhookSecret"]["secret"] is None
    shown = await ask(
        COORDINATOR, "query($id: ID!) { node(id: $id) { ... on Webhook { secrets { until } } } }", id=hook
    )
    assert shown["node"]["secrets"] == [{"until": None}]
    assert first in await WebhookSecret.all().values_list("text", flat=True)


async def test_what_is_to_be_sent_again_must_be_clear(sqlite_world: World) -> None:
    hook, other = await registered(sqlite_world), await registered(sqlite_world)
    await Matter.drafted(sqlite_world, "zr")
    event, row = await Event.all().order_by("pos").first(), await Webhook.all().order_by("-id").first()
    assert event is not None and row is not None and global_id(row) == other
    left = await WebhookDelivery.create(
        webhook=row, path=row.path, event_id=event.id, pos=event.pos, subject="s", state="DEAD"
    )
    cursor = (await ask(COORDINATOR, "{ events(first: 1) { edges { cursor } } }"))["events"]["edges"][0][
        "cursor"
    ]
    both = {"webhook": other, "delivery": global_id(left), "after": cursor}
    for given, problem in (
        (both, "InvalidInput REDELIVERY_UNCLEAR delivery"),
        ({"webhook": hook, "delivery": global_id(left)}, "NotFound NOT_FOUND delivery"),
        ({"webhook": hook, "after": "x"}, "InvalidInput CURSOR_MALFORMED after"),
        ({"webhook": hook, "after": LogCursors("other").cursor(1)}, "InvalidInput CURSOR_EXPIRED"),
        ({"webhook": hook, "after": await beyond()}, "InvalidInput CURSOR_EXPIRED after"),
    ):
        assert await why_not(COORDINATOR, "redeliverWebhook", given) == [problem]


async def beyond() -> str:
    return LogCursors((await LogEpoch.get(id=1)).epoch).cursor(10_000)


async def test_why_somebody_may_manage_one_is_explained(sqlite_world: World) -> None:
    hook = await registered(sqlite_world)
    document = 'query($id: ID!) { explain(action: "manage", object: $id) { allowed reasonCode } }'
    assert (await ask(COORDINATOR, document, id=hook))["explain"] == {"allowed": True, "reasonCode": None}
    assert (await ask("junan.observer", document, id=hook))["explain"] is None
    who = 'query($id: ID!) { whoCan(action: "manage", object: $id) { edges { node { login } } } }'
    able = (await ask("shunde.org", who, id=hook))["whoCan"]["edges"]
    assert {one["node"]["login"] for one in able} == {COORDINATOR, "shunde.org", "junan.leader"}


@pytest.mark.usefixtures("loopback")
async def test_the_lag_counts_what_the_account_may_read(world: World) -> None:
    async with receiving() as receiver:
        hook = await hook_to(receiver, world, types=["summons.drafted", "task.created"])
        await Matter.issued(world, "zr")
        await Matter.issued(world, "jt", by="wanan")
        assert (await hook.seen("lag { events }"))["lag"] == {"events": 2}
