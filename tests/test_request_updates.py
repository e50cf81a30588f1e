"""The live stream of requests and their orders: what each may read of it, from where they left off."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from api import ask
from asking import Town, open_town
from matter import EYE, Matter
from plea import CADRE, NEIGHBOUR, RESIDENT, SECRETARY, TIANHU, VOLUNTEER, Plea, neighbours
from test_answers import audience
from test_api_stream import Listener as Follower
from test_endpoint import own_settings  # noqa: F401
from test_fanout import publish, serve
from world import Time, World

from models import Grant, Member, clock
from policies.rules import packaged
from resolvers import stream
from resolvers.context import Context
from schema import schema

pytest_plugins = ["monday"]

UPDATES = """subscription($area: AreaCode, $types: [String!], $after: Cursor) {
    requestUpdates(area: $area, types: $types, after: $after) {
        cursor event { type actor { login } order { state }
        request { state reporters { name member { login } } } } } }"""
LOG = "query($after: Cursor) { events(after: $after) { edges { cursor node { type } } } }"
MRS_CHEN = {"name": "陈阿姨", "phone": "0757-22998877"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LONGEST_SLEEP", 0.05)


class Listener(Follower):
    async def next(self) -> dict[str, Any]:
        return await self.told("requestUpdates")


async def listen(world: World, login: str, **variables: object) -> Listener:
    context = Context(await world.actor(login))
    return Listener(await schema.subscribe(UPDATES, variable_values=variables, context_value=context))


async def begun(world: World, login: str, **variables: object) -> Listener:
    """Once the first message has come."""
    listener = await listen(world, login, **variables)
    assert (await listener.next())["event"] is None
    return listener


async def test_a_request_and_its_orders_are_told_and_summonses_are_not(world: World) -> None:
    await neighbours(world)
    listener = await begun(world, CADRE)
    await Matter.drafted(world, "zr")
    plea = await Plea.ordered(world, assignee=VOLUNTEER)
    await plea.done(VOLUNTEER, "acceptOrder", 1)
    told = ["request.created", "request.triaged", "request.ordered", "order.created", "order.accepted"]
    assert await listener.types(5) == told
    await listener.close()


async def test_it_goes_on_after_a_cursor_as_the_log_does(world: World) -> None:
    first = await listen(world, CADRE)
    start = (await first.next())["cursor"]
    await first.close()
    await Plea.settled(world)
    later = await listen(world, CADRE, after=start)
    messages = [await later.next() for _ in range(4)]
    await later.close()
    log = (await ask(CADRE, LOG, after=start))["events"]["edges"]
    assert [(one["cursor"], one["event"]["type"]) for one in messages[1:]] == [
        (edge["cursor"], edge["node"]["type"]) for edge in log
    ]
    again = await listen(world, CADRE, after=messages[2]["cursor"])
    await again.next()
    assert await again.types(1) == ["request.done"]
    await again.close()


async def test_reporters_hear_of_their_own_alone_and_of_no_order(world: World) -> None:
    await neighbours(world)
    mine, theirs = await begun(world, RESIDENT), await begun(world, NEIGHBOUR)
    await Plea.ordered(world)
    await Plea.made(world, NEIGHBOUR)
    assert await mine.types(3) == ["request.created", "request.triaged", "request.ordered"]
    assert await theirs.types(1) == ["request.created"]
    await Plea.made(world)
    assert await mine.types(1) == ["request.created"]
    for one in (mine, theirs):
        await one.close()


async def test_who_reported_it_is_told_to_themselves_alone(world: World) -> None:
    listeners = {login: await begun(world, login) for login in (CADRE, SECRETARY, EYE, RESIDENT)}
    await Plea.made(world)
    for login, listener in listeners.items():
        event = (await listener.next())["event"]
        me = {"login": RESIDENT} if login == RESIDENT else None
        assert (event["actor"], event["request"]["reporters"]) == (me, [{"name": None, "member": me}])
    await Plea.made(world, CADRE, channel="WALK_IN", reporter=MRS_CHEN)
    for login in (CADRE, SECRETARY, EYE):
        event = (await listeners[login].next())["event"]
        assert event["request"]["reporters"] == [{"name": None, "member": None}]
    for listener in listeners.values():
        await listener.close()


async def test_it_is_narrowed_by_place_and_type(world: World) -> None:
    here = await begun(world, EYE, area=TIANHU, types=["request.answered"])
    nowhere = await begun(world, EYE, area="440699")
    elsewhere = await begun(world, EYE, area="440606104")
    await Plea.settled(world)
    await Plea.made(world, "wanan.secretary", area="440606104219", channel="VISIT")
    await Plea.settled(world)
    assert await here.types(2) == ["request.answered"] * 2
    assert await elsewhere.types(1) == ["request.created"]
    for one in (here, nowhere, elsewhere):
        await one.close()
    unknown = await listen(world, EYE, types=["request.eaten"])
    assert await unknown.refusal() == "BAD_USER_INPUT"


async def test_who_loses_a_right_hears_no_more_and_who_is_disabled_is_told_so(world: World) -> None:
    lost, other = await begun(world, CADRE), await begun(world, SECRETARY)
    await Plea.made(world)
    assert (await lost.types(1), await other.types(1)) == (["request.created"],) * 2
    await Grant.filter(member_id=world.members[CADRE].id).update(revoked_at=clock.now(), until=clock.now())
    await Plea.made(world)
    assert await other.types(1) == ["request.created"]
    await Member.filter(login=CADRE).update(disabled_at=clock.now())
    assert await lost.refusal() == "FORBIDDEN"
    await other.close()


async def test_what_timers_do_is_told_too(world: World, time: Time) -> None:
    await Plea.made(world)
    listener = await begun(world, SECRETARY, types=["request.escalated"])
    await time.tick_at("03-03 09:00")
    event = (await listener.next())["event"]
    assert (event["type"], event["actor"]) == ("request.escalated", None)
    await listener.close()


SHARED = """subscription { requestUpdates { cursor event { type at request { number state dueAt overdue }
    order { state unit { name } } } } }"""
NAMED = SHARED.replace("order { ", "order { assignee { name } ")
"""Whom one knows is one's own, so this is told to each alone."""
ALONE = [
    "subscription { requestUpdates { event { actor { name } } } }",
    "subscription { requestUpdates { event { request { reporters { name } } } } }",
    "subscription { requestUpdates { event { order { availableActions { action } } } } }",
    "subscription { ...all } fragment all on Subscription { requestUpdates { cursor } }",
]


@pytest.fixture
async def town(own_settings: None, db: str) -> AsyncIterator[Town]:  # noqa: F811
    async with open_town() as town:
        yield town


async def test_those_who_are_alike_are_read_for_together(town: Town) -> None:
    await town.world.hold("tianhu.resident", "observer", area="440606106")
    await Grant.filter(role="resident").delete()
    of_reporters = (
        "p, member, *, request, read, reporter"  # what one reported oneself makes each unlike all others
    )
    await publish(
        "\n".join(line for line in packaged().text.splitlines() if not line.startswith(of_reporters))
    )
    async with serve() as serving:
        logins = ("junan.observer", "tianhu.resident", "tianhu.cadre")
        ears = [await serving.listen(login, SHARED) for login in logins]
        await serving.settled(3)
        assert sorted(serving.sizes) == [1, 2]
        given = {"area": TIANHU, "channel": "BOX", "text": "路灯不亮。", "anonymous": True}
        made = await town.done("tianhu.cadre", "createRequest", "request { number }", **given)
        for ear in ears:
            event = (await ear.update())["event"]
            assert event["request"]["number"] == made["request"]["number"]
            assert await ear.is_quiet()


def test_what_looks_at_who_asks_is_answered_for_each_alone() -> None:
    rights = {("request", "read"), ("order", "read"), ("area", "read"), ("unit", "read")}
    for text, more in ((SHARED, set()), (NAMED, {("member", "read")})):
        told = audience(text)
        assert told is not None and told.rights == rights | more
    assert [audience(text) for text in ALONE] == [None] * len(ALONE)
    assert audience("subscription { taskUpdates { event { request { number } } } }") is None
