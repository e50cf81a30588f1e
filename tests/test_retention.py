"""Cursors of the event log age as promised: too old is an error, never a later start, and no event is ever deleted."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from asking import Town, open_town
from test_api_stream import listen

from actions.once import forget_old_keys
from models import Event, IdempotencyKey
from resolvers.retention import RETENTION, start_of_log

LOG = "{ eventLog { retentionDays head } }"
EVENTS = """query($first: Int, $after: Cursor) { events(first: $first, after: $after) {
    edges { cursor node { type summons { id } } } pageInfo { hasNextPage endCursor } } }"""
HISTORY = """query($id: ID!, $after: Cursor) { summons(id: $id) { history(first: 1, after: $after) {
    edges { cursor node { type } } } } }"""


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


async def head(town: Town) -> str:
    return str((await town.ask("junan.observer", LOG))["eventLog"]["head"])


async def test_the_retention_is_published_and_can_be_set(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await town.ask("zr.head", LOG))["eventLog"]["retentionDays"] == 90
    monkeypatch.setattr(RETENTION, "days", 7)
    assert (await town.ask("zr.head", LOG))["eventLog"]["retentionDays"] == 7
    before = await head(town)
    await town.draft("zr")
    town.time.advance(timedelta(days=7))
    assert (await town.ask("junan.observer", EVENTS, after=before))["events"]["edges"] != []
    town.time.advance(timedelta(minutes=1))
    assert (await town.refused("junan.observer", EVENTS, after=before))["code"] == "CURSOR_EXPIRED"


async def test_a_cursor_is_too_old_when_what_comes_next_is(town: Town) -> None:
    before = await head(town)
    await town.draft("zr")
    between = await head(town)
    town.time.advance(timedelta(days=60))
    await town.draft("zr")
    town.time.advance(timedelta(days=60))
    assert (await town.refused("junan.observer", EVENTS, after=before))["code"] == "CURSOR_EXPIRED"
    assert await (await listen(town, "junan.observer", after=before)).refusal() == "CURSOR_EXPIRED"
    (edge,) = (await town.ask("junan.observer", EVENTS, after=between))["events"]["edges"]
    assert edge["node"]["type"] == "summons.drafted"
    going_on = await listen(town, "junan.observer", after=between)
    await going_on.next()
    assert await going_on.types(1) == ["summons.drafted"]
    await going_on.close()


async def test_a_place_the_log_has_not_reached_belongs_to_another_copy_of_it(town: Town) -> None:
    await town.draft("zr")
    ahead = await head(town)
    await Event.all().delete()
    assert (await town.refused("junan.observer", EVENTS, after=ahead))["code"] == "CURSOR_EXPIRED"


async def test_the_end_of_the_log_never_ages(town: Town) -> None:
    await town.draft("zr")
    end = await head(town)
    town.time.advance(timedelta(days=400))
    assert (await town.ask("junan.observer", EVENTS, after=end))["events"]["edges"] == []
    listener = await listen(town, "junan.observer", after=end)
    await listener.next()
    await town.draft("zr")
    assert await listener.types(1) == ["summons.drafted"]
    await listener.close()


async def test_an_event_nobody_may_read_makes_a_cursor_age_as_well(town: Town) -> None:
    """Else the error would tell that it is there."""
    end = await head(town)
    await town.draft("agri", issuer="440606104219", by="wanan.secretary")
    town.time.advance(timedelta(days=91))
    for login in ("wanan.secretary", "tianhu.secretary"):
        assert (await town.refused(login, EVENTS, after=end))["code"] == "CURSOR_EXPIRED"


async def test_without_a_cursor_polling_begins_with_the_oldest_event_in_time(town: Town) -> None:
    drafts = []
    for _ in range(5):
        drafts.append(await town.draft("zr"))
        town.time.advance(timedelta(days=30))
    found, after = [], None
    while True:
        page = (await town.ask("junan.observer", EVENTS, first=1, after=after))["events"]
        found += [edge["node"]["summons"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == drafts[2:]


async def test_the_start_is_found_wherever_it_is(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        await town.draft("zr")
        town.time.advance(timedelta(days=1))
    events = await Event.filter(type="summons.drafted").order_by("pos")
    for kept in range(1, 8):
        monkeypatch.setattr(RETENTION, "days", kept)
        assert await start_of_log() == (events[-kept - 1].pos if kept < 7 else 0)
    town.time.advance(timedelta(days=9))
    assert await start_of_log() == events[-1].pos


async def test_a_history_can_be_read_on_for_ever(town: Town) -> None:
    summons, _ = await town.issue("zr")
    town.time.advance(timedelta(days=4_000))
    types, after = [], None
    while edges := (await town.ask("shunde.org", HISTORY, id=summons, after=after))["summons"]["history"][
        "edges"
    ]:
        types.append(edges[0]["node"]["type"])
        after = edges[0]["cursor"]
    assert types[:3] == ["summons.drafted", "summons.submitted", "summons.issued"]


async def test_keys_of_mutations_are_forgotten_after_a_week(town: Town) -> None:
    await town.draft("zr", idempotencyKey="first")
    town.time.advance(timedelta(days=6))
    await town.draft("zr", idempotencyKey="second")
    town.time.advance(timedelta(days=1, seconds=1))
    assert await forget_old_keys() == 1
    assert await IdempotencyKey.all().values_list("key", flat=True) == ["second"]
