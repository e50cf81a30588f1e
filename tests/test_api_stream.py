"""The live stream tells everything the caller may read, in the order of the log, from where they left off."""

from asyncio import Task, create_task, sleep, wait_for
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asking import Town, open_town

from actions import feed
from models import Area, Event, Grant, Member, Summons, clock, subtree
from policies.loading import load_actor
from resolvers import stream, tail
from resolvers.context import Context
from resolvers.cursors import LogCursors
from resolvers.stream import Reader, Wanted
from schema import schema

UPDATES = """subscription($area: AreaCode, $unit: ID, $types: [String!], $after: Cursor) {
    taskUpdates(area: $area, unit: $unit, types: $types, after: $after) {
        cursor event { type summons { state } task { state unit { name } } } } }"""


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


NEAR, FAR = tail.MOST, 0
"""How far back the end of the log reaches: as in earnest, or so that everybody has to catch up alone."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the log more often than in earnest, so that a missed ring costs the tests no seconds."""
    monkeypatch.setattr(stream, "LONGEST_SLEEP", 0.05)


class Listener:
    """Somebody who listens."""

    def __init__(self, results: Any) -> None:
        self.results = results

    async def next(self) -> dict[str, Any]:
        """The next message."""
        return await self.told("taskUpdates")

    async def told(self, field: str) -> dict[str, Any]:
        result = await wait_for(anext(self.results), 5)
        assert result.errors is None, result.errors
        message: dict[str, Any] = result.data[field]
        return message

    async def types(self, number: int) -> list[str]:
        return [(await self.next())["event"]["type"] for _ in range(number)]

    async def refusal(self) -> str:
        """The code of the error that ends the stream."""
        result = await wait_for(anext(self.results), 5)
        with pytest.raises(StopAsyncIteration):
            await wait_for(anext(self.results), 5)
        return str(result.errors[0].extensions["code"])

    async def close(self) -> None:
        await self.results.aclose()


async def listen(town: Town, login: str, **variables: object) -> Listener:
    context = Context(await town.world.actor(login))
    return Listener(await schema.subscribe(UPDATES, variable_values=variables, context_value=context))


async def test_the_first_message_tells_where_the_stream_stands(town: Town) -> None:
    await town.issue("zr")
    listener = await listen(town, "tianhu.secretary")
    first = await listener.next()
    assert first["event"] is None
    await town.draft("zr")
    assert await listener.types(1) == ["summons.drafted"]
    await listener.close()
    after = await listen(town, "tianhu.secretary", after=first["cursor"])
    assert await after.next() == first
    assert await after.types(1) == ["summons.drafted"]
    await after.close()


async def test_a_listener_who_comes_back_gets_what_happened_meanwhile_and_then_what_happens(
    town: Town,
) -> None:
    listener = await listen(town, "tianhu.secretary")
    await listener.next()
    _, (task,) = await town.issue("zr")
    messages = [await listener.next() for _ in range(2)]
    await listener.close()
    back = await listen(town, "tianhu.secretary", after=messages[-1]["cursor"])
    await back.next()
    assert await back.types(2) == ["summons.issued", "task.created"]
    await town.done("zr.liaison", "acceptTask", task=task)
    assert await back.types(2) == ["task.accepted", "summons.in_progress"]
    await back.close()


@pytest.mark.parametrize("most", [NEAR, FAR])
async def test_everybody_gets_only_what_they_may_read(
    town: Town, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "MOST", most)
    listeners = {
        login: await listen(town, login) for login in ("zr.liaison", "zf.liaison", "wanan.secretary")
    }
    for listener in listeners.values():
        await listener.next()
    await town.issue("zr")
    assert await listeners["zr.liaison"].types(4) == [
        "summons.drafted", "summons.submitted", "summons.issued", "task.created"
    ]  # fmt: skip
    await town.draft("agri", issuer="440606104219", by="wanan.secretary")
    assert await listeners["wanan.secretary"].types(1) == ["summons.drafted"]
    await town.issue("zf")
    assert await listeners["zf.liaison"].types(1) == ["summons.drafted"]
    for listener in listeners.values():
        await listener.close()


async def test_at_the_end_of_the_log_as_further_back_everybody_reads_the_same(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (task, *_) = await town.issue("zr", "zf")
    await town.draft("agri", issuer="440606104219", by="wanan.secretary")
    await town.done("zr.liaison", "acceptTask", task=task)
    await town.draft("zr", issuer="440606106201", by="shapu.secretary")
    [inside] = await Area.filter(code="440606106").values_list("path", flat=True)
    narrowed = [
        Wanted(),
        Wanted(nowhere=True),
        Wanted(inside=subtree(inside)),
        Wanted(unit_id=town.world.units["zr"].id),
        Wanted(types=("task.created", "task.accepted")),
    ]
    read = {most: await everything_read(town, narrowed, most, monkeypatch) for most in (NEAR, FAR)}
    assert read[NEAR] == read[FAR]
    assert len({*read[NEAR].values()}) > 8


async def everything_read(
    town: Town, narrowed: list[Wanted], most: int, monkeypatch: pytest.MonkeyPatch
) -> dict[tuple[str, Wanted], tuple[int, ...]]:
    """The positions that each member reads in one go."""
    monkeypatch.setattr(tail, "MOST", most)
    read = {}
    for login, member in town.world.members.items():
        actor = await load_actor(member.id, clock.now())
        for wanted in narrowed:
            reader = Reader(LogCursors("epoch"), wanted, 0)
            events = await reader.next(actor, await tail.TAIL.after(0))
            read[login, wanted] = tuple(event.pos for event in events)
            assert reader.position == await tail.log_head()
    return read


async def test_a_stream_is_narrowed_by_place_unit_and_type(town: Town) -> None:
    unit = town.id(town.world.units["zr"])
    start = (await (await listen(town, "shunde.org")).next())["cursor"]
    await town.issue("zr", "zf")
    await town.draft("agri", issuer="440606104219", by="wanan.secretary")
    for wanted, types in [
        ({"area": "440606104"}, ["summons.drafted"]),
        ({"unit": unit}, ["task.created"]),
        ({"types": ["summons.issued", "task.created"]}, ["summons.issued", "task.created", "task.created"]),
        ({"area": "440606106", "unit": unit, "types": ["task.created"]}, ["task.created"]),
    ]:
        listener = await listen(town, "shunde.org", after=start, **wanted)
        await listener.next()
        assert await listener.types(len(types)) == types
        waiting = create_task(listener.next())
        await sleep(0.2)
        assert not waiting.done(), wanted
        await stop(waiting)


async def stop(waiting: Task[Any]) -> None:
    waiting.cancel()
    with pytest.raises(BaseException):  # noqa: B017
        await waiting


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"types": ["task.eaten"]}, "BAD_USER_INPUT"),
        ({"unit": "rubbish"}, "BAD_USER_INPUT"),
        ({"after": "rubbish"}, "BAD_USER_INPUT"),
        ({"after": LogCursors("another epoch").cursor(0)}, "CURSOR_EXPIRED"),
    ],
)
async def test_what_cannot_be_listened_to_is_refused(
    town: Town, variables: dict[str, object], code: str
) -> None:
    assert await (await listen(town, "tianhu.secretary", **variables)).refusal() == code


async def test_a_place_the_log_has_not_reached_belongs_to_another_copy_of_it(town: Town) -> None:
    listener = await listen(town, "tianhu.secretary")
    await listener.next()
    await town.draft("zr")
    ahead = (await listener.next())["cursor"]
    await listener.close()
    await Event.all().delete()
    assert await (await listen(town, "tianhu.secretary", after=ahead)).refusal() == "CURSOR_EXPIRED"


async def revoke(town: Town, grant: Grant) -> None:
    await town.done("shunde.policy", "revokeGrant", grant=town.id(grant), reason="调离。")


async def test_a_stream_ends_when_nothing_is_left_to_read(town: Town) -> None:
    listener = await listen(town, "tianhu.secretary")
    await listener.next()
    await town.draft("zr")
    await listener.types(1)
    await revoke(town, town.world.grants["tianhu.secretary"])
    await town.draft("zr")
    assert await listener.refusal() == "FORBIDDEN"


async def test_what_one_may_still_read_goes_on_when_another_right_is_taken_away(town: Town) -> None:
    first = town.world.grants["tianhu.secretary"]
    await town.world.hold("tianhu.secretary", "village_secretary", area="440606106201")
    listener = await listen(town, "tianhu.secretary")
    await listener.next()
    await revoke(town, first)
    await town.draft("zr")
    await town.draft("zr", issuer="440606106201", by="shapu.secretary")
    told = (await listener.next())["event"]
    assert (told["type"], await Event.filter(type="summons.drafted").count()) == ("summons.drafted", 2)
    waiting = create_task(listener.next())
    await sleep(0.2)
    assert not waiting.done()
    await stop(waiting)


async def test_a_member_who_is_disabled_is_told_so(town: Town) -> None:
    listener = await listen(town, "tianhu.secretary")
    await listener.next()
    await Member.filter(login="tianhu.secretary").update(disabled_at=clock.now())
    feed.ring()
    assert await listener.refusal() == "FORBIDDEN"


async def test_a_quiet_stream_sends_bookmarks_that_move_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BOOKMARK_EVERY", 0.2)
    listener = await listen(town, "wanan.secretary")
    first = await listener.next()
    await town.draft("zr")
    messages = [await listener.next() for _ in range(2)]
    assert [message["event"] for message in messages] == [None, None]
    assert messages[-1]["cursor"] != first["cursor"]
    await listener.close()
    back = await listen(town, "tianhu.secretary", after=messages[-1]["cursor"])
    await back.next()
    await town.draft("zf")
    assert await back.types(1) == ["summons.drafted"]
    await back.close()


async def test_each_message_shows_the_objects_as_they_are_when_it_is_sent(town: Town) -> None:
    listener = await listen(town, "tianhu.secretary", types=["summons.drafted", "summons.issued"])
    await listener.next()
    await town.draft("zr")
    assert (await listener.next())["event"]["summons"] == {"state": "DRAFT"}
    await town.issue("zf")
    states = [(await listener.next())["event"]["summons"]["state"] for _ in range(2)]
    assert states[-1] == "ISSUED"
    await listener.close()


async def test_more_events_than_one_round_holds_arrive_without_a_gap(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "ROUND", 3)
    listener = await listen(town, "tianhu.secretary")
    await listener.next()
    for _ in range(3):
        await town.issue("zr", "zf")
    types = await listener.types(15)
    assert (
        types
        == ["summons.drafted", "summons.submitted", "summons.issued", "task.created", "task.created"] * 3
    )
    assert await Summons.all().count() == 3
    await listener.close()


async def test_the_bell_wakes_a_listener_long_before_they_would_look(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LONGEST_SLEEP", 60.0)
    listener = await listen(town, "tianhu.secretary")
    await listener.next()
    waiting = create_task(listener.next())
    await sleep(0.2)
    await town.draft("zr")
    assert (await wait_for(waiting, 5))["event"]["type"] == "summons.drafted"
    await listener.close()
