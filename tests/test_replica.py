"""A real streaming replica answers queries, and nobody reads less than they wrote, or by rights they lost."""

import asyncio
import os
from asyncio import create_task, gather, sleep
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from typing import Any

import httpx
import pytest
from asking import Town, open_town
from conftest import empty
from following import Server, paused, programs, servers, until  # noqa: F401
from test_answers import got, room  # noqa: F401
from test_endpoint import ACCEPT, client, own_settings  # noqa: F401
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

import baodao.replica
from actions.remembered import forget_everything
from baodao.asgi import application, lifespan
from baodao.database import database
from baodao.graphql import Graph
from baodao.replica import HEADER, REPLICA, Replica, Stranger
from models import Area, Grant, LogEpoch, Member, clock
from models.generations import generations
from models.kept import hear
from models.replica import aside, from_primary, replica
from policies.rules import packaged, put_in_force
from resolvers.context import Context
from resolvers.tail import log_head

pytestmark = pytest.mark.long

LIST = '{ summonses(area: "440606106") { totalCount edges { node { title } } } }'
STATES = "{ tasks { edges { node { state } } } }"
UNITS = "{ units { edges { node { name } } } }"
DRAFT = "mutation($input: DraftSummonsInput!) { draftSummons(input: $input) { problems { message } } }"
SLEEP = "pg_sleep(CASE WHEN there THEN 4 ELSE 0 END)"
ASLEEP = "EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active')"
HANG_UP = (
    "pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid() AND datname IS NOT NULL"
)


class Pair:
    """The town on the primary, and the replica that the service of this process may read from."""

    def __init__(self, town: Town, primary: Server, follower: Server) -> None:
        self.town, self.primary, self.follower = town, primary, follower
        self.graph = Graph(None)
        self.watch()

    def watch(self) -> None:
        self._watching = create_task(REPLICA.watch(60))

    async def stop_watching(self) -> None:
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching

    async def ask(self, login: str, query: str, **headers: str) -> Any:
        async with client(self.graph, login) as asking:
            response = await asking.post("/", headers=headers, json={"query": query})
        assert response.status_code == 200, response.text
        assert "errors" not in response.json(), response.text
        return response.json()["data"]

    async def change(self, login: str, mutation: str, **input: object) -> httpx.Response:
        async with client(self.graph, login) as asking:
            return await asking.post("/", json={"query": mutation, "variables": {"input": input}})

    async def titles(self, login: str, **headers: str) -> list[str]:
        found = (await self.ask(login, LIST, **headers))["summonses"]
        return sorted(edge["node"]["title"] for edge in found["edges"])

    async def states(self, login: str, **headers: str) -> list[str]:
        return [
            edge["node"]["state"] for edge in (await self.ask(login, STATES, **headers))["tasks"]["edges"]
        ]

    async def caught_up(self) -> None:
        """Once the replica has all that was written, and this process knows."""
        head, counted = await log_head(), await generations()
        await until(lambda: (it := REPLICA.standing) and (it.head, it.generations) == (head, counted))

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        await self.caught_up()
        async with paused(self.follower):
            yield

    @contextmanager
    def served_by(self, server: Server) -> Iterator[None]:
        """All that is asked about summonses and tasks in the block."""
        before = self.primary.asked(), self.follower.asked()
        yield
        more = self.primary.asked() - before[0], self.follower.asked() - before[1]
        mine, other = more if server is self.primary else more[::-1]
        assert mine > 0
        assert other == 0


@pytest.fixture
async def pair(
    own_settings: None,  # noqa: F811
    servers: tuple[Server, Server],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Pair]:
    primary, follower = servers
    monkeypatch.setattr(baodao.replica, "LOOK_EVERY", 0.02)
    empty(primary.url)
    forget_everything()
    put_in_force(packaged())
    async with database(primary.url, follower.url), open_town() as town:
        pair = Pair(town, primary, follower)
        for query in (LIST, STATES, UNITS):  # from the second time on it is known
            await pair.ask("shunde.org", query)
        yield pair
        await pair.stop_watching()
        REPLICA.__init__()  # type: ignore[misc]


async def test_the_replica_answers_and_who_wrote_reads_it_at_once(pair: Pair) -> None:
    """Whether the process that answers took part in the writing or not: the town's own steps go past the service."""
    _, [task] = await pair.town.issue("zr")
    await pair.caught_up()
    with pair.served_by(pair.follower):
        before = await pair.states("shunde.org")
    async with pair.paused():
        told = await pair.change("zr.liaison", ACCEPT, task=task)
        for login, seen in {
            "zr.liaison": ["ACCEPTED"],
            "shunde.org": before,
            "junan.observer": before,
        }.items():
            assert await pair.states(login) == seen, login
        with pair.served_by(pair.follower):
            await pair.states("shunde.org")
        for position in (told.headers[HEADER], "rubbish", "", f"{told.headers[HEADER]}x"):
            with pair.served_by(pair.primary):
                assert await pair.states("shunde.org", **{HEADER: position}) == ["ACCEPTED"]
        await pair.town.draft("zf", by="tianhu.secretary", title="新事")
        assert await pair.titles("tianhu.secretary") == ["天湖外村公园改造", "新事"]
        assert await pair.titles("tianhu.cadre") == ["天湖外村公园改造"]
    await pair.caught_up()
    with pair.served_by(pair.follower):
        assert await pair.states("shunde.org", **{HEADER: told.headers[HEADER]}) == ["ACCEPTED"]
        assert await pair.titles("tianhu.secretary") == ["天湖外村公园改造", "新事"]


async def test_everybody_always_reads_what_they_wrote_while_the_replica_follows(pair: Pair) -> None:
    """Authors at once, and those whom they tell the position; nothing is paused, and the replica answers others."""
    villages = {"tianhu.cadre": "440606106004", "shapu.secretary": "440606106201"}
    unit, over = pair.town.id(pair.town.world.units["zr"]), asyncio.Event()

    async def write(login: str, issuer: str) -> None:
        for number in range(int(os.environ.get("BAODAO_PROVE_REPLICA", 15))):
            given = {
                "issuer": issuer,
                "title": f"{login} {number}",
                "text": "文",
                "category": "LIVING_ENVIRONMENT",
            }
            answer = await pair.change(login, DRAFT, **given, units=[unit])
            assert given["title"] in await pair.titles(login)
            position = {HEADER: answer.headers[HEADER]}
            assert given["title"] in await pair.titles("junan.coordinator", **position)

    async def look_on() -> None:
        while not over.is_set():
            await pair.titles("shunde.org")

    before, looking = pair.follower.asked(), create_task(look_on())
    await gather(*(write(*one) for one in villages.items()))
    over.set()
    await looking
    assert pair.follower.asked() > before


async def test_a_right_that_was_taken_away_is_of_no_use_at_the_replica(pair: Pair) -> None:
    """Nor do units, members or areas ever show as they were: as long as any is behind, the primary answers."""
    await pair.town.issue("zr")
    async with pair.paused():
        assert await pair.titles("junan.observer") == ["天湖外村公园改造"]
        await Grant.filter(member__login="junan.observer").update(revoked_at=clock.now())
        assert await pair.titles("junan.observer") == []
        with pair.served_by(pair.primary):
            assert await pair.titles("shunde.org") == ["天湖外村公园改造"]
    await pair.caught_up()
    async with pair.paused():
        await pair.town.done(
            "shunde.org", "updateUnit", unit=pair.town.id(pair.town.world.units["zr"]), name="新所"
        )
        units = (await pair.ask("junan.coordinator", UNITS))["units"]["edges"]
        assert "新所" in [edge["node"]["name"] for edge in units]


async def test_who_goes_on_after_the_head_beside_a_list_misses_nothing(pair: Pair) -> None:
    """The head is no later than the list; and named as the position, it lets no list be earlier."""
    both = "{ eventLog { head } summonses { totalCount } }"
    await pair.ask("shunde.org", both)
    async with pair.paused():
        before = await pair.ask("shunde.org", both)
        await pair.town.draft("zr")
        assert await pair.ask("shunde.org", both) == before
        head = (await pair.ask("tianhu.cadre", both))["eventLog"]["head"]
        assert head != before["eventLog"]["head"]
        after = await pair.ask("shunde.org", both, **{HEADER: head})
        assert after == {"eventLog": {"head": head}, "summonses": {"totalCount": 1}}


async def test_an_emergency_access_ends_with_its_review(pair: Pair) -> None:
    """Accesses are counted in no generation, so they are looked up at the primary, also beside what may be old."""
    town, looker = pair.town, "shunde.supervision"
    member = town.world.members["zr.member"]
    await Member.filter(id=member.id).update(phone="0757-22990001")
    given = {"object": town.id(member), "reason": "老人走失,须立即联系。"}
    opened = await town.done(looker, "openEmergencyAccess", "access { id }", **given)
    look = f'{{ member(id: "{town.id(member)}") {{ phone }} summonses {{ totalCount }} }}'
    assert (await pair.ask(looker, look))["member"] == {"phone": "0757-22990001"}
    async with pair.paused():
        review = {"access": opened["access"]["id"], "justified": True, "finding": "确有必要。"}
        await town.done("shunde.auditor", "reviewEmergencyAccess", **review)
        await town.draft("zr")
        assert await pair.ask(looker, look) == {"member": {"phone": None}, "summonses": {"totalCount": 0}}


@pytest.mark.usefixtures("compiled")
async def test_what_is_kept_for_others_comes_from_the_primary(pair: Pair) -> None:
    """A change may be heard of while an operation goes on that began before it."""
    async with pair.paused():
        context = Context(await pair.town.world.actor("shunde.org"))
        await Area.filter(code="440606106").update(name="新镇")
        hear(await generations())
        with aside():
            there = await Area.get(code="440606106")
            kept = await context.loaders.areas.load("440606106")
        assert kept is not None
        assert [there.name, kept.name] == ["均安镇", "新镇"]


async def test_a_replica_that_is_too_far_behind_is_not_asked(pair: Pair) -> None:
    """It is not behind, however long nothing happens."""
    async with pair.paused():
        await pair.town.draft("zr", by="tianhu.cadre")
        assert await pair.titles("shunde.org") == []
        REPLICA.most = 0.2
        await until(lambda: (it := REPLICA.standing) and monotonic() - it.since > REPLICA.most)
        with pair.served_by(pair.primary):
            assert await pair.titles("shunde.org") == ["天湖外村公园改造"]
    await pair.caught_up()
    quiet = monotonic()
    await until(lambda: (it := REPLICA.standing) and it.since > quiet)


async def test_no_answer_of_the_past_is_kept_for_later(pair: Pair, room: None) -> None:  # noqa: F811
    """Nor do ETags say that something is as it was for longer than an answer would."""
    await pair.town.issue("zr")
    async with client(pair.graph, "junan.observer") as asking:
        await pair.caught_up()
        await asking.request(**got(LIST))
        tag = (await asking.request(**got(LIST))).headers["etag"]
        with pair.served_by(pair.follower):
            await pair.titles("shunde.leader")
        async with pair.paused():
            await pair.town.draft("zf", title="新事")
            for _ in range(2):
                assert (await asking.request(**got(LIST, if_none_match=tag))).status_code == 304
                assert await pair.titles("shunde.org") == ["天湖外村公园改造"]
            assert await pair.titles("tianhu.cadre") == ["天湖外村公园改造", "新事"]
        await pair.caught_up()
        assert (await asking.request(**got(LIST, if_none_match=tag))).status_code == 200
        for login in ("shunde.org", "junan.observer", "shunde.leader"):
            assert await pair.titles(login) == ["天湖外村公园改造", "新事"]


async def test_the_death_of_the_replica_costs_no_request_and_it_comes_back(pair: Pair) -> None:
    """Neither while it dies, nor while it is still believed to be there, nor afterwards."""
    await pair.town.issue("zr")
    await pair.caught_up()
    await pair.stop_watching()
    dying = create_task(asyncio.to_thread(pair.follower.stop))
    try:
        while not dying.done():
            assert await gather(*(pair.titles("shunde.org") for _ in range(5))) == [["天湖外村公园改造"]] * 5
        assert REPLICA.standing is not None
        with pair.served_by(pair.primary):
            await pair.titles("shunde.org")
        pair.watch()
        await until(lambda: REPLICA.standing is None)
        with pair.served_by(pair.primary):
            await pair.titles("shunde.org")
    finally:
        await dying
        await asyncio.to_thread(pair.follower.start)
    await pair.caught_up()
    with pair.served_by(pair.follower):
        await pair.titles("shunde.org")


async def test_what_the_replica_has_to_break_off_the_primary_answers(pair: Pair) -> None:
    """Rows that a reading there still needs were removed here; what the operation reads after that is read here too."""
    database, count = get_connection("default"), "SELECT count(*), pg_is_in_recovery() AS there FROM unit"
    await pair.caught_up()
    with aside():
        assert (await database.execute_query_dict(count))[0]["there"]
        slow = create_task(database.execute_query_dict(f"SELECT {SLEEP}, there FROM ({count}) AS counted"))
        await pair.follower.wait_for(ASLEEP)
        await pair.primary.tell("UPDATE unit SET name = name")
        await pair.primary.tell("VACUUM unit")
        assert not (await slow)[0]["there"]
        assert not (await database.execute_query_dict(count))[0]["there"]


async def test_no_new_connection_goes_to_a_replica_that_is_further_back_than_it_was(pair: Pair) -> None:
    """As one may be for a moment after a crash. Once that was noticed, it is looked at afresh."""
    await pair.caught_up()
    await pair.stop_watching()
    replica().seen = 1 << 60
    await pair.follower.tell(f"SELECT {HANG_UP}")
    with aside():
        found = await get_connection("default").execute_query_dict("SELECT pg_is_in_recovery() AS there")
    assert not found[0]["there"]
    pair.watch()
    await until(lambda: replica().seen < 1 << 60)
    await pair.caught_up()
    with pair.served_by(pair.follower):
        await pair.titles("shunde.org")


async def test_a_transaction_and_what_is_asked_from_the_primary_never_read_aside(pair: Pair) -> None:
    there = "SELECT pg_is_in_recovery() AS there"

    @from_primary
    async def asked_from_primary() -> Any:
        return await get_connection("default").execute_query_dict(there)

    with aside():
        assert (await get_connection("default").execute_query_dict(there))[0]["there"]
        assert not (await asked_from_primary())[0]["there"]
        async with in_transaction() as transaction:
            assert not (await transaction.execute_query_dict(there))[0]["there"]
        later = create_task(told_later(there))
        await sleep(0)
    assert not (await later)[0]["there"]


async def told_later(question: str) -> Any:
    await sleep(0.01)
    return await get_connection("default").execute_query_dict(question)


async def test_what_follows_no_primary_or_another_one_is_no_replica(
    servers: tuple[Server, Server],  # noqa: F811
) -> None:
    primary, follower = servers
    async with database(primary.url, primary.url):
        with pytest.raises(Stranger):
            await Replica().look()
    async with database(primary.url, follower.url), paused(follower):
        await LogEpoch.all().update(epoch=(former := await LogEpoch.get(id=1)).epoch[::-1])
        with pytest.raises(Stranger):
            await Replica().look()
        await former.save()
        await Replica().look()


async def test_the_service_watches_the_replica_of_its_settings(
    own_settings: None,  # noqa: F811
    room: None,  # noqa: F811
    servers: tuple[Server, Server],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    primary, follower = servers
    monkeypatch.setenv("DATABASE_URL", primary.url)
    monkeypatch.setenv("DATABASE_REPLICA_URL", follower.url)
    monkeypatch.setenv("BAODAO_REPLICA_LAG", "7")
    try:
        async with lifespan(application()):
            await until(lambda: REPLICA.standing)
            assert REPLICA.most == 7
    finally:
        REPLICA.__init__()  # type: ignore[misc]
