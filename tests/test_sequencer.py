"""Positions that are given out after the commit: the same log, and nobody waits for whoever takes long."""

from asyncio import CancelledError, create_task, gather, sleep, timeout
from asyncio import Event as Signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import test_revocation
from asking import open_town
from matter import Matter
from running import run
from starlette.applications import Starlette
from test_backup import require_whole
from tortoise.exceptions import IntegrityError, ValidationError
from tortoise.transactions import in_transaction
from world import World

from actions import sequencer
from actions.cases import load_case
from actions.given import Given
from actions.record import recording
from actions.sequencer import SEQUENCER, place_waiting
from actions.take_step import take_step
from baodao.asgi import lifespan
from baodao.database import database
from baodao.sequencer import _give_out
from baodao.settings import settings
from models import Conflict, Event, Summons, Task, Unit, Unplaced
from policies.actor import SYSTEM
from resolvers.ids import key_of

pytest_plugins = ["monday"]
pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
def used() -> Iterator[None]:
    SEQUENCER.is_used = True
    yield
    SEQUENCER.is_used = False


@pytest.fixture
async def leading(used: None, world: World) -> AsyncIterator[None]:
    """This process gives out positions."""
    task = create_task(_give_out())
    yield
    task.cancel()
    with suppress(CancelledError):
        await task


async def renamed(unit: Unit, name: str, until: Signal | None = None) -> None:
    """An event about a unit, whose transaction ends at that signal."""
    async with recording() as record:
        row = await Unit.get(id=unit.id)
        row.name = name
        record.tell_of_admin(row, "unit.updated", SYSTEM, await row.home_area)
        await row.save()
        if until is not None:
            await until.wait()


async def until_placed() -> None:
    async with timeout(5):
        while await Unplaced.all().count():  # noqa: ASYNC110  (a table tells nobody)
            await sleep(0.01)


async def test_many_at_once_leave_a_log_without_holes(world: World, leading: None) -> None:
    matters = await gather(*(Matter.issued(world, "zr", "zf") for _ in range(6)))
    await gather(*(matter.bring("RESOLVED", "zr", "zf") for matter in matters))
    assert await require_whole() > 40
    assert await Unplaced.all().count() == 0
    for matter in matters:
        assert (await matter.history())[0] == "summons.drafted"


async def test_whoever_takes_long_holds_nobody_up_and_comes_later(world: World, leading: None) -> None:
    done = Signal()
    slow = create_task(renamed(world.units["zf"], "慢", done))
    await sleep(0.05)
    async with timeout(5):
        await renamed(world.units["zr"], "快")
    await until_placed()
    cursor = (await Event.get(aggregate_id=world.units["zr"].id)).pos
    done.set()
    await slow
    await until_placed()
    after = await Event.filter(pos__gt=cursor)
    assert [event.aggregate_id for event in after] == [world.units["zf"].id]


async def test_who_waits_in_vain_places_it_all(
    world: World, used: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "HELP_AFTER", 0.1)
    await renamed(world.units["zf"], "无人等")  # the command line and the timers do not wait
    assert await Unplaced.all().count() == 1
    await Matter.drafted(world, "zr")
    assert await Unplaced.all().count() == 0
    assert [event.type for event in await Event.all().order_by("pos")] == ["unit.updated", "summons.drafted"]


@pytest.mark.parametrize("placed", [False, True])
async def test_a_version_is_given_once(world: World, used: None, placed: bool) -> None:
    """Whether or not the first has its position already."""
    seen = [await Unit.get(id=world.units["zr"].id) for _ in range(2)]

    async def tell(unit: Unit) -> None:
        async with recording() as record:
            record.tell_of_admin(unit, "unit.updated", SYSTEM, world.areas["440606"])

    await tell(seen[0])
    if placed:
        assert await place_waiting() == 1
    with pytest.raises(Conflict):
        await tell(seen[1])
    await place_waiting()
    assert await Event.all().count() == 1


@pytest.mark.parametrize("wrong", [{"area_id": None}, {"aggregate_id": "x" * 41}])
async def test_what_could_never_be_placed_is_not_committed(
    world: World, used: None, wrong: dict[str, object]
) -> None:
    with pytest.raises((IntegrityError, ValidationError)):
        async with recording() as record:
            event = record.tell_of_admin(
                await Unit.get(id=world.units["zr"].id), "unit.updated", SYSTEM, world.areas["440606"]
            )
            vars(event).update(wrong)
    assert await Unplaced.all().count() == 0


async def test_whoever_holds_a_matter_does_not_hold_up_what_was_told_of_it(
    world: World, used: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "HELP_AFTER", 0.0)
    summons = key_of((await Matter.drafted(world, "zr")).id, Summons, "summons")
    held, over = Signal(), Signal()

    async def hold() -> None:
        async with in_transaction():
            assert await load_case(summons) is not None
            held.set()
            await over.wait()

    await edited(summons)
    holding = create_task(hold())
    await held.wait()
    async with timeout(5):
        assert await place_waiting() == 1
    over.set()
    await holding


async def edited(summons: str) -> None:
    async with recording() as record:
        row = await Summons.get(id=summons)
        told = {"aggregate": "Summons", "aggregate_id": row.id, "summons_id": row.id, "at": record.now}
        record.tell(row, Event(type="summons.edited", area_id=row.issuer_id, path=row.path, **told))
        await row.save(update_fields=["version"])


async def test_who_goes_by_the_lock_places_first_what_waits(world: World, used: None) -> None:
    unit = await Unit.get(id=world.units["zr"].id)
    await renamed(unit, "先")
    SEQUENCER.is_used = False
    await renamed(unit, "后")
    told = await Event.filter(aggregate_id=unit.id).order_by("pos").values_list("version", flat=True)
    assert told == [2, 3]
    assert await Unplaced.all().count() == 0


async def test_what_does_not_fit_the_log_holds_up_its_own_aggregate_alone(world: World, used: None) -> None:
    await renamed(world.units["zr"], "一")
    await renamed(world.units["zf"], "二")
    await renamed(world.units["zr"], "三")
    first = await Unplaced.all().order_by("id").first()
    assert first is not None
    await Unplaced.filter(id=first.id).update(event=first.event | {"actor_id": "nobody"})
    assert await place_waiting() == 1
    assert [event.aggregate_id for event in await Event.all()] == [world.units["zf"].id]
    assert await Unplaced.all().count() == 2
    assert await place_waiting() == 0


async def test_of_two_who_take_the_same_step_one_wins(world: World, leading: None) -> None:
    for _ in range(5):
        task = key_of(await (await Matter.issued(world, "zr")).task_id("zr"), Task, "task")
        actors = [await world.actor(login) for login in ("zr.liaison", "zr.head") * 2]
        won = await gather(*(test_revocation.accept(actor, task) for actor in actors))
        assert sum(won) == 1


async def test_no_race_writes_after_an_acknowledged_revocation(
    world: World, leading: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_revocation, "RACES", 60)
    task = key_of(await (await Matter.issued(world, "zr")).task_id("zr"), Task, "task")
    await test_revocation.test_no_race_writes_after_an_acknowledged_revocation(world, task)


async def test_a_repeated_mutation_has_its_event_although_nobody_leads(
    world: World, used: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "HELP_AFTER", 0.0)
    task = key_of(await (await Matter.issued(world, "zr")).task_id("zr"), Task, "task")
    actor, given = await world.actor("zr.liaison"), Given(key="once")
    first = await take_step(actor, "task", ("accept",), task, given)
    again = await take_step(actor, "task", ("accept",), task, given)
    assert (again, again.again) == (first, True)
    assert (await Event.get(id=again.event_id)).type == "task.accepted"


async def test_the_log_tells_the_same_as_behind_the_lock(world: World, leading: None) -> None:
    told = []
    for SEQUENCER.is_used in (True, False):
        matter = await Matter.issued(world, "zr")
        await matter.bring("RESOLVED", "zr")
        told.append([(event.type, event.version, event.to_state) for event in await events_of(matter)])
    assert told[0] == told[1] and len(told[0]) > 6


async def events_of(matter: Matter) -> list[Event]:
    return await Event.filter(summons_id=key_of(matter.id, Summons, "summons")).order_by("pos")


async def test_a_service_gives_out_positions(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SEQUENCER, "is_used", False)  # set by the service, and ours again afterwards
    async with run(database_url, monkeypatch, tmp_path, BAODAO_ORDER="sequencer") as service:
        assert SEQUENCER.is_used
        await service.town.issue("zr")
        assert (await service.figures())["baodao_unplaced_events"] == 0
        assert await require_whole() >= 4


async def test_what_is_left_when_the_sequencer_is_given_up_is_placed_at_the_next_start(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "AT_ONCE", 2)
    async with database(database_url), open_town() as town:
        monkeypatch.setattr(SEQUENCER, "is_used", True)
        for name in ("一", "二", "三"):
            await renamed(town.world.units["zr"], name)
        monkeypatch.setattr(SEQUENCER, "is_used", False)
        assert (await Unplaced.all().count(), await Event.all().count()) == (3, 0)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BAODAO_DATA", str(tmp_path))
    settings.cache_clear()
    async with lifespan(Starlette()):
        assert (await Unplaced.all().count(), await Event.all().count()) == (0, 3)
    settings.cache_clear()
