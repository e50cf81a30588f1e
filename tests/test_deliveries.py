"""What webhooks get: every event of their account's, signed, in order, at least once, whatever the receiver does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from api import ask, do
from matter import Matter
from receiver import Got, Receiver, receiving
from sending import ACCOUNT, COORDINATOR, change, hook_to, loopback, sender, settle  # noqa: F401
from standardwebhooks import Webhook as Signature
from standardwebhooks.webhooks import WebhookVerificationError
from world import Time, World

from actions.deliveries import PAUSES
from baodao.deliveries import Sender
from models import Event, Member, clock
from resolvers.ids import global_id

pytest_plugins = ["monday"]
pytestmark = pytest.mark.usefixtures("loopback")

ISSUED = ["summons.drafted", "summons.submitted", "summons.issued", "task.created"]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def sending() -> AsyncIterator[Sender]:
    async with sender() as one:
        yield one


async def test_events_come_signed_in_order_as_the_api_shows_them(
    world: World, receiver: Receiver, sending: Sender
) -> None:
    await Matter.drafted(world, "zr")
    hook = await hook_to(receiver, world)
    matter = await Matter.issued(world, "zr")
    await settle(sending)
    assert receiver.types == ISSUED
    shown = """query($id: ID!) { node(id: $id) { ... on Event { id cursor type at fromState toState aggregateVersion
        request { id number } order { id } actor { id name } area { id code name }
        summons { id number } task { id } note onBehalfOf { id } } } }"""
    for got in receiver.got:
        told = Signature(hook.secret).verify(got.body, got.headers)
        assert told["data"]["id"] == got.headers["webhook-id"] and got.summons == matter.id
        event = (await ask(ACCOUNT, shown, id=got.headers["webhook-id"]))["node"]
        event["task"] = event["task"] and told["data"]["task"] | event["task"]
        assert (told["type"], told["timestamp"], told["data"]) == (event["type"], event["at"], event)
        assert int(got.headers["webhook-timestamp"]) == int(clock.now().timestamp())
    with pytest.raises(WebhookVerificationError):
        Signature("whsec_c2VjcmV0").verify(receiver.got[0].body, receiver.got[0].headers)


def failing(wrong: Callable[[Got], bool], status: int = 500) -> Callable[[Got], int]:
    return lambda got: status if wrong(got) else 204


async def test_what_fails_is_tried_again_with_growing_pauses_and_given_up_in_the_end(
    sqlite_world: World, time: Time, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, sqlite_world, types=["summons.issued"])
    receiver.answer = lambda got: 503
    await Matter.issued(sqlite_world, "zr")
    await settle(sending)
    for attempts, pause in enumerate(PAUSES, start=1):
        assert await hook.deliveries() == [("WAITING", attempts, 503)]
        time.wait(pause - timedelta(seconds=1))
        await settle(sending)
        assert len(receiver.got) == attempts
        time.wait(timedelta(seconds=1))
        await settle(sending)
    assert await hook.deliveries() == [("DEAD", 10, 503)]
    assert timedelta(days=3) < sum(PAUSES, timedelta()) < timedelta(days=4)
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len({got.headers["webhook-timestamp"] for got in receiver.got}) == 10
    time.wait(timedelta(days=30))
    await settle(sending)
    assert len(receiver.got) == 10


async def test_a_failing_event_holds_back_its_own_summons_and_no_other(
    world: World, time: Time, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, world)
    bad = await Matter.drafted(world, "zr")
    receiver.answer = failing(lambda got: got.summons == bad.id)
    await bad.bring("ISSUED")
    good = await Matter.issued(world, "zf")
    await settle(sending)
    assert [got.type for got in receiver.got if got.summons == bad.id] == ISSUED[:1]
    assert [got.type for got in receiver.got if got.summons == good.id] == ISSUED
    assert await hook.deliveries() == [("WAITING", 1, 500), *[("WAITING", 0, None)] * 3]
    await bad.bring("ACCEPTED", "zr")
    await settle(sending)
    assert len([got for got in receiver.got if got.summons == bad.id]) == 1
    receiver.answer = lambda got: 200
    time.wait(PAUSES[0])
    await settle(sending)
    assert [got.type for got in receiver.got if got.summons == bad.id][1:] == [
        *ISSUED,
        "task.accepted",
        "summons.in_progress",
    ]
    assert await hook.deliveries() == []


async def test_when_an_event_is_given_up_the_next_of_its_summons_follow(
    sqlite_world: World, time: Time, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, sqlite_world)
    receiver.answer = failing(lambda got: got.type == "summons.drafted")
    await Matter.issued(sqlite_world, "zr")
    for pause in (timedelta(0), *PAUSES):
        time.wait(pause)
        await settle(sending)
    assert receiver.types == ["summons.drafted"] * 10 + ISSUED[1:]
    assert await hook.deliveries() == [("DEAD", 10, 500)]


async def test_while_too_much_waits_a_webhook_stays_where_it_is(
    sqlite_world: World, time: Time, receiver: Receiver, sending: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.deliveries.MOST_WAITING", 4)
    hook = await hook_to(receiver, sqlite_world)
    receiver.answer = lambda got: 500
    matters = []
    for _ in range(3):
        matters.append(await Matter.issued(sqlite_world, "zr"))
        await settle(sending)
    assert len(await hook.deliveries()) == 4
    assert (await hook.seen("lag { events waiting }"))["lag"] == {"events": 12, "waiting": 4}
    receiver.got.clear()
    receiver.answer = lambda got: 204
    time.wait(PAUSES[0])
    await settle(sending)
    for matter in matters:
        assert [got.type for got in receiver.got if got.summons == matter.id] == ISSUED


async def test_dead_letters_are_seen_and_sent_again_one_or_all(
    world: World, time: Time, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, world, types=["summons.issued"])
    receiver.answer = lambda got: 500
    for _ in range(3):
        await Matter.issued(world, "zr")
    for pause in (timedelta(0), *PAUSES):
        time.wait(pause)
        await settle(sending)
    page = "deadLetters(first: 2) { totalCount edges { cursor node { id event { id } status attempts error state } } }"
    first = (await hook.seen(page))["deadLetters"]
    assert first["totalCount"] == 3
    told = {"status": 500, "attempts": 10, "error": "answered 500", "state": "DEAD"}
    assert all(told.items() <= edge["node"].items() for edge in first["edges"])
    rest = await hook.seen(page.replace("first: 2", f'after: "{first["edges"][-1]["cursor"]}"'))
    [last] = rest["deadLetters"]["edges"]
    receiver.got.clear()
    receiver.answer = lambda got: 200
    await change("redeliverWebhook", webhook=hook.id, delivery=last["node"]["id"])
    await settle(sending)
    assert [got.headers["webhook-id"] for got in receiver.got] == [last["node"]["event"]["id"]]
    await change("redeliverWebhook", webhook=hook.id)
    await settle(sending)
    ids = [got.headers["webhook-id"] for got in receiver.got[1:]]
    assert sorted(ids) == sorted(edge["node"]["event"]["id"] for edge in first["edges"])
    assert await hook.deliveries() == []


async def test_everything_after_a_cursor_is_sent_again(
    sqlite_world: World, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, sqlite_world)
    await Matter.issued(sqlite_world, "zr")
    await settle(sending)
    place = receiver.got[1].json["data"]["cursor"]
    await change("redeliverWebhook", webhook=hook.id, after=place)
    await settle(sending)
    assert receiver.types == [*ISSUED, *ISSUED[2:]]
    first, again = receiver.got[2:4], receiver.got[4:]
    assert [got.headers["webhook-id"] for got in first] == [got.headers["webhook-id"] for got in again]


async def test_a_paused_webhook_loses_nothing(
    sqlite_world: World, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, sqlite_world)
    await change("pauseWebhook", webhook=hook.id, reason="维护。")
    await Matter.issued(sqlite_world, "zr")
    await settle(sending)
    assert receiver.got == []
    lag = await hook.seen("state pauseReason lag { events waiting oldestAt }")
    assert (lag["state"], lag["pauseReason"]) == ("PAUSED", "维护。")
    assert (lag["lag"]["events"], lag["lag"]["waiting"]) == (4, 0)
    assert lag["lag"]["oldestAt"] == clock.now().isoformat().replace("+00:00", "Z")
    await change("resumeWebhook", webhook=hook.id)
    await settle(sending)
    assert receiver.types == ISSUED
    assert (await hook.seen("lag { events waiting oldestAt }"))["lag"] == {
        "events": 0, "waiting": 0, "oldestAt": None
    }  # fmt: skip


async def test_gone_pauses_the_webhook_and_is_told_in_the_log(
    world: World, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, world)
    receiver.answer = lambda got: 410
    await Matter.issued(world, "zr")
    await settle(sending)
    assert receiver.types == ISSUED[:1]
    event = await Event.filter(type="webhook.paused").get()
    assert (event.actor_id, event.note) == (None, "The receiver answered 410 Gone.")
    receiver.answer = lambda got: 200
    await settle(sending)
    assert len(receiver.got) == 1
    await change("resumeWebhook", webhook=hook.id)
    await settle(sending)
    assert receiver.types == [ISSUED[0], *ISSUED]


async def test_a_rotated_secret_signs_beside_its_successor_until_the_overlap_ends(
    sqlite_world: World, time: Time, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, sqlite_world, types=["summons.drafted"])
    second = (await change("rotateWebhookSecret", webhook=hook.id, overlap=30))["secret"]
    await Matter.drafted(sqlite_world, "zr")
    await settle(sending)
    assert await good_for(receiver, hook.secret, second) == [True, True]
    assert len(receiver.got[-1].headers["webhook-signature"].split()) == 2
    time.wait(timedelta(minutes=30))
    await Matter.drafted(sqlite_world, "zr")
    await settle(sending)
    assert await good_for(receiver, hook.secret, second) == [False, True]
    third = (await change("rotateWebhookSecret", webhook=hook.id, overlap=30))["secret"]
    fourth = (await change("rotateWebhookSecret", webhook=hook.id, overlap=30))["secret"]
    await Matter.drafted(sqlite_world, "zr")
    await settle(sending)
    assert await good_for(receiver, second, third, fourth) == [False, True, True]
    assert len((await hook.seen("secrets { until }"))["secrets"]) == 2


async def good_for(receiver: Receiver, *secrets: str) -> list[bool]:
    def is_good(secret: str) -> bool:
        try:
            return bool(Signature(secret).verify(receiver.got[-1].body, receiver.got[-1].headers))
        except WebhookVerificationError:
            return False

    return [is_good(secret) for secret in secrets]


async def test_only_what_the_account_may_read_at_that_moment_is_sent(
    world: World, time: Time, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, world, types=[*ISSUED, "task.accepted"])
    far = await Matter.issued(world, "jt", by="wanan")
    near = await Matter.drafted(world, "zr")
    receiver.answer = lambda got: 500
    await settle(sending)
    assert [got.summons for got in receiver.got] == [near.id] and far.id != near.id
    grant = world.grants[ACCOUNT]
    await do("shunde.policy", "revokeGrant", {"grant": global_id(grant), "reason": "到期。"})
    time.wait(PAUSES[0])
    await near.bring("ISSUED")
    await settle(sending)
    assert len(receiver.got) == 1
    assert await hook.deliveries() == []
    await world.hold(ACCOUNT, "integration_client", area="440606106")
    receiver.answer = lambda got: 200
    await near.bring("ACCEPTED", "zr")
    await settle(sending)
    assert receiver.types[1:] == ["task.accepted"]


async def test_a_right_lost_between_two_events_of_one_round_ends_it(
    sqlite_world: World, receiver: Receiver, sending: Sender
) -> None:
    hook = await hook_to(receiver, sqlite_world, types=ISSUED)
    await Matter.issued(sqlite_world, "zr")

    async def revoke(got: Got) -> int:
        await do(
            "shunde.policy",
            "revokeGrant",
            {"grant": global_id(sqlite_world.grants[ACCOUNT]), "reason": "到期。"},
        )
        return 204

    receiver.answer = revoke
    await settle(sending)
    assert receiver.types == ISSUED[:1]
    assert await hook.deliveries() == []


async def test_nothing_is_lost_while_the_account_is_disabled(
    sqlite_world: World, receiver: Receiver, sending: Sender
) -> None:
    await hook_to(receiver, sqlite_world, types=ISSUED)
    account = global_id(sqlite_world.members[ACCOUNT])
    await do(COORDINATOR, "disableMember", {"member": account, "reason": "停用。"})
    await Matter.issued(sqlite_world, "zr")
    await settle(sending)
    assert receiver.got == []
    await Member.filter(login=ACCOUNT).update(disabled_at=None)
    await sqlite_world.hold(ACCOUNT, "integration_client", area="440606106")
    await settle(sending)
    assert receiver.types == ISSUED


async def test_a_webhook_that_never_answers_holds_up_no_other(
    sqlite_world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baodao.posting.ANSWER_WITHIN", 60.0)
    async with receiving() as slow, sender() as both:
        slow.answer = lambda got: None
        await hook_to(slow, sqlite_world)
        await hook_to(receiver, sqlite_world)
        matters = [await Matter.issued(sqlite_world, "zr") for _ in range(6)]
        running = asyncio.create_task(both.run())
        await receiver.has(4 * len(matters))
        assert 1 <= len(slow.got) <= 4
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    for matter in matters:
        assert [got.type for got in receiver.got if got.summons == matter.id] == ISSUED
