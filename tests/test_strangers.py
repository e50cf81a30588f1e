"""What those who have not signed in may ask: little at once, not too often, and without pushing out anybody else's."""
# ruff: noqa: F811

import httpx
import pytest
from month import TIANHU
from strawberry.extensions import ParserCache
from test_board import EDITION, SHORT, got, graph, http  # noqa: F401
from test_endpoint import own_settings  # noqa: F401
from world import World

from baodao.graphql import Graph
from baodao.strangers import MOST_KNOWN, OF_ADDRESS
from schema import schema

pytest_plugins = ["monday"]

CACHED = next(one for one in schema.get_extensions() if isinstance(one, ParserCache)).cached_parse_document
TWICE, MUCH, ODDLY = "ASKED_TWICE", "ASKED_TOO_MUCH", "ASKED_ODDLY"
HERE = f'board(area: "{TIANHU}")'
BRANCHES = "".join(f"fragment F{n} on Board {{ a {{ ...F{n + 1} }} b {{ ...F{n + 1} }} }}" for n in range(9))
TOO_MUCH = {
    f"{{ a: {HERE} {{ month }} b: {HERE} {{ month }} }}": TWICE,
    f"{{ {HERE} {{ month }} ... {{ {HERE} {{ month }} }} }}": TWICE,
    f"{{ {HERE} {{ edition {{ a: number b: number }} }} }}": TWICE,
    f"{{ {HERE} {{ edition {{ number }} ...E }} }} fragment E on Board {{ edition {{ hash: number }} }}": TWICE,
    f"{{ {HERE} {{ ...E ...E }} }} fragment E on Board {{ month }}": TWICE,
    f"{{ {HERE} {{ ...L }} }} fragment L on Board {{ month ...L }}": TWICE,
    f"{{ {HERE} {{ ...F0 }} }} {BRANCHES} fragment F9 on Board {{ month }}": MUCH,
    f"{{ {HERE} {{ ...N }} }} fragment N on Board {{ edition {{ ...N }} }}": MUCH,
    f"{{ {HERE} {{ corrected {{ {EDITION} }} }} }}": MUCH,
}


@pytest.mark.parametrize("document", TOO_MUCH)
async def test_strangers_ask_for_little_at_once(world: World, http: httpx.AsyncClient, document: str) -> None:
    for response in (await got(http, document), await http.post("/", json={"query": document})):
        told = response.json()["errors"][0]["extensions"]
        assert (response.status_code, told["reasonCode"]) == (400, TOO_MUCH[document])


async def test_what_strangers_ask_for_badly_is_told_and_a_long_document_is_not_read(
    world: World, http: httpx.AsyncClient
) -> None:
    for asked_for, code in [
        ({"query": SHORT, "operationName": "Others"}, ODDLY),
        ({"query": SHORT, "variables": [1]}, ODDLY),
        ({"query": SHORT, "extensions": {"a": 1}}, ODDLY),
        ({"query": f"{{ {HERE} {{ nonsense }} }}"}, "GRAPHQL_VALIDATION_FAILED"),
    ]:
        response = await http.post("/", json=asked_for)
        told = response.json()["errors"][0]["extensions"]
        assert (response.status_code, told.get("reasonCode", told["code"])) == (400, code)
    numbers = " ".join(f"n{n}: month" for n in range(100))
    long = [{"query": f"{{ {HERE} {{ {numbers} }} }}"}, {"query": SHORT, "padding": "x" * 40_000}]
    for asked_for in long:
        assert (await http.post("/", json=asked_for)).status_code == 401


async def test_documents_of_strangers_push_out_nobody_elses(
    world: World, graph: Graph, http: httpx.AsyncClient
) -> None:
    before = CACHED.cache_info().currsize
    for n in range(MOST_KNOWN + 5):
        document = f"query N{n} {{ {HERE} {{ month }} }}"
        assert (await got(http, document)).status_code == 200
    assert graph.documents.find(document) is None
    assert graph.strangers.documents.find(document) is not None
    assert graph.strangers.documents.find(f"query N0 {{ {HERE} {{ month }} }}") is None
    assert CACHED.cache_info().currsize == before


async def test_an_address_asks_so_often_and_no_oftener(world: World, http: httpx.AsyncClient) -> None:
    most = OF_ADDRESS[0].amount
    answers = [(await got(http, "{ viewer }" if n % 2 else SHORT)).status_code for n in range(most)]
    assert set(answers) == {200, 401}
    refused = await got(http, SHORT, accept_language="zh")
    told = refused.json()["errors"][0]
    assert (refused.status_code, told["extensions"]["reasonCode"]) == (429, "TOO_OFTEN")
    assert (told["message"], int(refused.headers["retry-after"]) > 0) == ("尝试过于频繁,请稍后再试。", True)
    assert (await got(http, SHORT, authorization="Bearer nonsense")).status_code == 401
