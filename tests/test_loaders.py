"""Rows that several fields wait for come to all of them, also when one of the fields is given up."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asking import Town, open_town

from resolvers.later import DataLoader


async def doubled(keys: list[int]) -> list[int]:
    await asyncio.sleep(0.01)
    return [2 * key for key in keys]


@pytest.fixture
async def town(db: str) -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


async def test_whoever_is_cancelled_does_not_take_the_row_from_the_others() -> None:
    loader = DataLoader(load_fn=doubled)

    async def wait() -> int:
        return await loader.load(4)

    given_up, patient = asyncio.create_task(wait()), asyncio.create_task(wait())
    await asyncio.sleep(0)
    given_up.cancel()
    assert await patient == 8
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert await loader.load(4) == 8


async def test_a_fault_in_one_field_leaves_the_others_their_rows(town: Town) -> None:
    """The fault gives up the fields beside it while they wait for the same areas as the other page."""
    document = """{ areas { edges { node { parent { name } units(after: "nonsense") { totalCount } } } }
        others: areas { edges { node { parent { name } } } } }"""
    result = await town.execute("shunde.org", document, "en", {})
    assert result.data["areas"] is None
    assert result.data["others"]["edges"][1]["node"]["parent"] == {"name": "广东省"}
    assert [error.extensions["reasonCode"] for error in result.errors] == ["CURSOR_MALFORMED"]
