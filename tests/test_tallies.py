"""The tallies: always what counting the summonses gives, whatever changes them, also when many do at once."""

from asyncio import Event as Signal
from asyncio import gather, sleep, wait_for
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from random import Random

import pytest
from asking import Town, open_town, statements
from random_world import RandomWorld
from tortoise import Tortoise
from tortoise.transactions import in_transaction

from actions.tallies import recount
from models import Area, Summons, SummonsState, Tally
from policies.scopes import readable_subtrees, seen
from resolvers.tallies import Counts, counts_of

Told = dict[tuple[str, SummonsState], int]
STATES = list(SummonsState)


async def tallied() -> Told:
    rows = await Tally.filter(number__not=0).values_list("path", "state", "number")
    return {(path, state): number for path, state, number in rows}


async def counted() -> Told:
    return dict(Counter((one.path, one.state) for one in await Summons.all()))


@pytest.fixture
async def world(db: str) -> RandomWorld:
    world = RandomWorld(seed=5)
    await world.build()
    return world


class Changes:
    """Whatever can happen to summonses, at random."""

    def __init__(self, seed: int, areas: Sequence[Area]) -> None:
        self.random, self.areas, self.number = Random(seed), areas, 0

    def new(self) -> Summons:
        area = self.random.choice(self.areas)
        self.number += 1
        return Summons(
            number=f"new {self.number}",
            issuer_id=area.code,
            path=area.path,
            title="t",
            text="t",
            category="ECONOMY",
            state=self.random.choice(STATES),
            **dict.fromkeys(("created_at", "listed_at", "updated_at"), "2026-03-02T00:00:00Z"),
        )

    async def one(self) -> None:
        """A step, a move, a new one, several new ones, one deleted, or many changed by one statement."""
        some = self.random.choice(await Summons.all().order_by("number"))
        match self.random.randrange(6):
            case 0:
                some.state = self.random.choice(STATES)
                await some.save()
            case 1:
                area = self.random.choice(self.areas)
                await Summons.filter(id=some.id).update(issuer_id=area.code, path=area.path)
            case 2:
                await self.new().save(force_create=True)
            case 3:
                await Summons.bulk_create([self.new() for _ in range(3)])
            case 4:
                await Summons.filter(number=f"new {self.random.randint(1, self.number + 1)}").delete()
            case 5:
                await Summons.filter(state=some.state).update(state=self.random.choice(STATES))


class Undone(Exception):
    pass


async def test_whatever_happens_the_tallies_are_what_counting_gives(world: RandomWorld) -> None:
    changes = Changes(1, await Area.all().order_by("code"))
    for turn in range(60):
        try:
            async with in_transaction():
                for _ in range(changes.random.randint(1, 4)):
                    await changes.one()
                if turn % 5 == 4:
                    raise Undone
        except Undone:
            pass
        assert await tallied() == await counted()
    assert len(await tallied()) > 20
    assert min(await Tally.all().values_list("number", flat=True)) == 0


async def test_everybody_is_told_what_counting_their_list_gives(world: RandomWorld) -> None:
    """The tallies answer where the rules give a whole subtree, a count of the list elsewhere; nobody can tell."""
    areas = await Area.all().order_by("code")
    changes, by_tallies, by_counting = Changes(2, areas), 0, 0
    for _ in range(3):
        for _ in range(20):
            await changes.one()
        summonses = await Summons.all()
        for actor in await world.actors():
            readable = [
                one
                for one, is_seen in zip(summonses, await seen(actor, [*summonses]), strict=True)
                if is_seen
            ]
            expected = [
                Counter(one.state for one in readable if one.path.startswith(area.path)) for area in areas
            ]
            assert await counts_of(actor, [area.path for area in areas]) == expected
            for area, found in zip(areas, expected, strict=True):
                is_whole = area.path.startswith(readable_subtrees(actor))
                by_tallies += bool(found) and is_whole
                by_counting += bool(found) and not is_whole
    assert min(by_tallies, by_counting) > 20


VILLAGES = ["440606106004", "440606106201", "440606104219", "440606104217"]
COUNTS = """query($code: AreaCode!) { area(code: $code) {
    summonsCounts { state count } summonses { totalCount }
    drafts: summonses(filter: {state: [DRAFT, DRAFT, CLOSED]}) { totalCount }
    economy: summonses(filter: {state: [DRAFT], category: [ECONOMY]}) { totalCount } }
    summonses(area: $code) { totalCount }
    issued: summonses(area: $code, filter: {state: [ISSUED, IN_PROGRESS]}) { totalCount }
    none: summonses(area: $code, filter: {state: []}) { totalCount } }"""


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


async def numbers(town: Town, login: str, code: str) -> tuple[dict[str, int], list[int]]:
    """What `COUNTS` tells: by state, and the totals in the order of the document."""
    answer = await town.ask(login, COUNTS, code=code)
    area = answer["area"]
    lists = [area["summonses"], area["drafts"], area["economy"], answer["summonses"], answer["issued"]]
    assert answer["none"] == {"totalCount": 0}
    told = {one["state"]: one["count"] for one in area["summonsCounts"]}
    assert list(told) == sorted(told, key=lambda state: STATES.index(SummonsState(state)))
    return told, [one["totalCount"] for one in lists]


async def test_an_area_tells_how_many_of_its_summonses_stand_where(town: Town) -> None:
    await town.draft("zr")
    await town.draft("zr", issuer=VILLAGES[2], by="wanan.secretary", category="ECONOMY")
    await town.issue("zr")
    _, [task] = await town.issue("zf")
    await town.done("zf.liaison", "acceptTask", task=task)
    whole = {"DRAFT": 1, "ISSUED": 1, "IN_PROGRESS": 1}
    for login, code, told, totals in [
        ("shunde.org", "44", whole | {"DRAFT": 2}, [4, 2, 1, 4, 2]),
        ("shunde.org", "440606106", whole, [3, 1, 0, 3, 2]),
        ("junan.observer", "440606106004", whole, [3, 1, 0, 3, 2]),
        ("junan.observer", "440606", whole, [3, 1, 0, 3, 2]),
        ("tianhu.secretary", "44", whole, [3, 1, 0, 3, 2]),
        ("zf.liaison", "44", {"IN_PROGRESS": 1}, [1, 0, 0, 1, 1]),
        ("wanan.secretary", "440606106004", {}, [0] * 5),
        ("tianhu.resident", "44", {}, [0] * 5),
    ]:
        assert await numbers(town, login, code) == (told, totals), (login, code)


TREE = """query($code: AreaCode!) { area(code: $code) { summonsCounts { count }
    children(level: VILLAGE) { edges { node { summonsCounts { state count } } } } } }"""


async def test_many_areas_cost_no_more_than_one(town: Town) -> None:
    await town.issue("zr")
    for login, code in [("shunde.org", "440606"), ("junan.observer", "440606"), ("zr.liaison", "440606")]:
        with statements() as one:
            await town.ask(
                login, "query($code: AreaCode!) { area(code: $code) { summonsCounts { count } } }", code=code
            )
        with statements() as many:
            await town.ask(login, TREE, code=code)
        about_tallies = [
            [sent for sent in all if "tally" in sent or "GROUP BY" in sent] for all in (one, many)
        ]
        assert len(about_tallies[0]) == 1
        assert len(about_tallies[1]) <= 3, about_tallies[1]


async def test_whoever_reads_a_whole_subtree_is_answered_by_the_tallies(town: Town) -> None:
    await town.issue("zr")
    await Tally.all().update(number=7)
    answer, _ = await numbers(town, "shunde.org", "440606106")
    assert set(answer.values()) == {7}
    counted, _ = await numbers(town, "tianhu.secretary", "440606106")
    assert counted == {"ISSUED": 1}


async def test_counting_anew_mends_the_tallies(town: Town) -> None:
    await town.issue("zr")
    await Tally.all().update(number=7)
    await Tally.create(path="44.", state=SummonsState.CLOSED, number=3)
    await recount()
    assert await tallied() == await counted() != {}


async def open_connections(number: int) -> None:
    connection = Tortoise.get_connection("default")
    await gather(*(connection.execute_query("SELECT 1") for _ in range(number)))


async def some_of_each_village(town: Town, number: int) -> list[str]:
    """Ids of so many drafts, from village to village."""
    changes = Changes(3, [town.world.areas[code] for code in VILLAGES])
    drafts = [changes.new() for _ in range(number)]
    for index, draft in enumerate(drafts):
        area = changes.areas[index % len(VILLAGES)]
        draft.issuer_id, draft.path, draft.state = area.code, area.path, SummonsState.DRAFT
    await Summons.bulk_create(drafts)
    return [draft.id for draft in drafts]


async def test_many_at_once_in_any_order_lose_nothing_and_never_block_each_other_for_good(town: Town) -> None:
    """Each changes summonses of its own, two of every village, forth and back, in an order of its own."""
    ids, random = await some_of_each_village(town, 80), Random(4)
    await open_connections(10)

    async def change(mine: list[str]) -> None:
        for state in random.sample(STATES, 4):
            async with in_transaction():
                for id in random.sample(mine, len(mine)):
                    await Summons.filter(id=id).update(state=state)
                    await sleep(0)

    await gather(
        *(change(ids[start : start + 8]) for start in range(0, 80, 8)), *(recount() for _ in range(3))
    )
    assert await tallied() == await counted()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)  # SQLite has one writer at a time
async def test_nobody_waits_for_a_neighbour_who_has_not_finished(town: Town) -> None:
    ids = await some_of_each_village(town, 8)
    changed, finish = Signal(), Signal()

    async def slowly() -> None:
        async with in_transaction():
            await Summons.filter(id=ids[0]).update(state=SummonsState.ISSUED)
            changed.set()
            await finish.wait()

    slow = gather(slowly())
    await changed.wait()
    await wait_for(Summons.filter(id=ids[4]).update(state=SummonsState.ISSUED), timeout=10)
    await wait_for(recount(), timeout=10)
    assert await tallied() == await counted()
    finish.set()
    await slow
    assert await tallied() == await counted()
    assert (await counts_of_village(town))[SummonsState.ISSUED] == 2


async def counts_of_village(town: Town) -> Counts:
    [counts] = await counts_of(await town.world.actor("shunde.org"), [town.world.areas[VILLAGES[0]].path])
    return counts
