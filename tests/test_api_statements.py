"""What a list costs: the number of statements does not grow with the number of its rows; and what a step costs."""

from collections.abc import AsyncIterator

import pytest
from asking import Town, open_town, statements
from tortoise import Tortoise

from actions.given import Given
from actions.take_step import take_step
from resolvers.ids import decoded

SUMMONSES = """query($first: Int) { summonses(first: $first) { edges { node {
    id number issuer { name parent { name } ancestors { name } } coIssuers { name } leadUnit { name } targets { name }
    availableActions { action allowed reason }
    tasks { state unit { name homeArea { name } } responsible { name unit { name } } summons { number }
        attendance { late } decline { reason } proposals { kind } evaluations { total } availableActions { action } }
    } } pageInfo { endCursor } } }"""

EVENTS = """query($first: Int) { events(first: $first) { edges { node {
    id cursor type actor { name } area { name } summons { number issuer { name } } task { unit { name } } } } } }"""

STATISTICS = """query($code: AreaCode!) { area(code: $code) {
    children(level: VILLAGE) { edges { node { name statistics(from: "2026-01-01", to: "2026-12-31") {
        issued due resolved closingRate averageSatisfaction } } } } } }"""

LISTED = """query($first: Int) { members: whoCan(action: "read", object: "%s", first: $first) { edges { node {
    name unit { name } grants { role member { name } unit { name } area { name } } } } } }"""


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


A_SPLIT = 2
"""Statements more or less: rows wanted while the server works on a batch come with it or in the next one."""


async def cost(town: Town, document: str, /, login: str = "shunde.org", **variables: object) -> int:
    """The second time, when what is kept of the tables that hardly change is here."""
    await town.ask(login, document, **variables)
    with statements() as sent:
        await town.ask(login, document, **variables)
    return len(sent)


@pytest.mark.parametrize(
    ("document", "lengths"), [(SUMMONSES, (1, 2, 6)), (EVENTS, (8, 20, 40))], ids=["summonses", "events"]
)
async def test_a_page_costs_the_same_whatever_its_length(
    town: Town, document: str, lengths: tuple[int, ...]
) -> None:
    for _ in range(6):
        _, (task, _) = await town.issue("zr", "zf")
        member = town.id(town.world.members["zr.member"])
        await town.done("zr.liaison", "acceptTask", task=task, responsible=member)
    costs = [await cost(town, document, first=first) for first in lengths]
    assert max(costs) - min(costs) <= A_SPLIT < max(lengths) - min(lengths), costs


async def test_members_cost_the_same_whatever_their_number(town: Town) -> None:
    document = LISTED % town.id(town.world.areas["440606"])
    few, many = [await cost(town, document, "shunde.policy", first=first) for first in (15, 30)]
    assert many - few <= A_SPLIT


async def test_figures_cost_the_same_for_one_area_and_for_many(town: Town) -> None:
    await town.issue("zr")
    assert await cost(town, STATISTICS, code="440606106201") <= await cost(town, STATISTICS, code="440606106")
    assert await cost(town, STATISTICS, code="440606106") == await cost(town, STATISTICS, code="44")


async def test_a_list_is_counted_only_for_those_who_ask(town: Town) -> None:
    plain = await cost(town, "{ areas { edges { node { name } } } }")
    assert await cost(town, "{ areas { totalCount edges { node { name } } } }") == plain + 1


STEP = {"postgres": 8, "sqlite": 11}
"""On PostgreSQL: the summons and its lock, tasks, limits; the case; the log's lock, rights, last entry; the log.

On SQLite each row that is changed is a statement, but they are handed over together.
"""


async def test_a_step_costs_few_statements(town: Town) -> None:
    _, (task,) = await town.issue("zr")
    actor = await town.world.actor("zr.liaison")
    with statements() as sent:
        await take_step(actor, "task", ("accept",), decoded(task)[1], Given())
    dialect = Tortoise.get_connection("default").capabilities.dialect
    assert len(sent) == STEP[dialect], sent
