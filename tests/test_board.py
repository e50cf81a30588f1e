"""The board: what is published, for everybody and alike, known again by its ETag, and without any person in it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from api import Answer, ask, published
from graphql import GraphQLObjectType, get_named_type, is_leaf_type
from month import (
    ANSWER,
    FEBRUARY,
    LEFT_OUT,
    OBJECTING,
    ORG,
    RESIDENT,
    SECRETARY,
    TIANHU,
    Month,
    flagged,
    happened,
    scored,
)
from plea import GRID, VOLUNTEER, WORKER, neighbours
from test_endpoint import asked, client, own_settings  # noqa: F401
from world import Time, World

from baodao.answers import MEMORY
from baodao.graphql import Graph
from models import Member, PolicyState, PolicyVersion, Publication
from models.metrics import METRICS
from policies.rules import packaged, put_in_force, read_text

pytest_plugins = ["monday"]

EDITION = """number cause publishedAt correctedAt requests orders flags commitments commitmentsKept
    figures { metric title { en zh } numeratorWords { en zh } denominatorWords { en zh }
        numerator denominator rate asOf hash }
    unitRanking { name tasks mean score place } gridRanking { name tasks mean score place }
    stars { place shownAs flags }"""
BOARD = f"""query($area: AreaCode!, $month: Date) {{ board(area: $area, month: $month) {{
    area areaName month objections upheld edition {{ {EDITION} }} corrected {{ {EDITION} }} }} }}"""
PLAIN_EDITION = EDITION[: EDITION.index("unitRanking")]
PLAIN = f"""query($area: AreaCode!) {{ board(area: $area) {{ area areaName month objections upheld
    edition {{ {EDITION} }} corrected {{ {PLAIN_EDITION} }} }} }}"""
RANKED = """query($area: AreaCode!) { board(area: $area) {
    corrected { unitRanking { name tasks mean score place } } } }"""
SHORT = f'{{ board(area: "{TIANHU}") {{ month edition {{ number requests }} }} }}'
FRAGMENT = f'{{ ...Public }} fragment Public on Query {{ board(area: "{TIANHU}") {{ month }} }}'


@pytest.fixture
def graph(own_settings: None) -> Graph:  # noqa: F811
    return Graph(None)


@pytest.fixture
async def http(graph: Graph, world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in."""
    MEMORY.most_bytes = 1 << 20
    async with httpx.AsyncClient(transport=httpx.ASGITransport(graph), base_url="http://test") as stranger:
        yield stranger
    MEMORY.most_bytes = 0
    MEMORY.forget()


async def got(http: httpx.AsyncClient, document: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await http.get("/", params={"query": document}, headers=named)


async def board(login: str, **given: str) -> Answer | None:
    told: Answer | None = (await ask(login, BOARD, **given))["board"]
    return told


async def a_full_month(world: World) -> Month:
    """With everything that a month can have, objections and a correction too."""
    await neighbours(world)
    for login in (VOLUNTEER, WORKER, "tianhu.cadre"):
        await flagged(world, login, 2, area=GRID)
    await scored(world, "zr", *[90] * 6)
    await scored(world, "zf", 80)
    month = await Month.shown(world)
    await month.done(RESIDENT, "objectToPublication", **OBJECTING)
    await month.done(SECRETARY, "answerObjection", **ANSWER)
    await month.let_the_time_pass()
    await month.done(SECRETARY, "publishPublication")
    await happened(world)
    await month.done(ORG, "correctPublication", **LEFT_OUT, reason="漏计一件诉求。")
    return month


async def test_only_what_is_published_is_on_it(world: World) -> None:
    month = await Month.shown(world)
    assert await board(SECRETARY, area=TIANHU, month=FEBRUARY) is None
    await month.let_the_time_pass()
    await month.done(SECRETARY, "publishPublication")
    told = await board("zr.liaison", area=TIANHU, month="2026-02-17")
    assert told is not None
    assert (told["month"], told["edition"]["number"], told["edition"]["requests"]) == (FEBRUARY, 1, 1)
    assert await board(SECRETARY, area=TIANHU, month="2026-01-01") is None
    assert await board(SECRETARY, area="440606106") is None
    assert await board(SECRETARY, area=TIANHU) == told, "the latest"


async def test_it_tells_what_holds_beside_what_was_corrected(world: World) -> None:
    await a_full_month(world)
    told = await board(RESIDENT, area=TIANHU)
    assert told is not None
    assert (told["areaName"], told["objections"], told["upheld"]) == ("天湖社区", 1, 0)
    [old] = told["corrected"]
    assert (old["number"], old["requests"], old["cause"]) == (1, 7, None)
    assert (told["edition"]["number"], told["edition"]["requests"]) == (2, 8)
    assert told["edition"]["cause"] == "LEFT_OUT"
    assert old["correctedAt"] == told["edition"]["publishedAt"]
    assert [one["metric"] for one in told["edition"]["figures"]] == [name.value for name in METRICS]
    assert [(one["tasks"], one["place"]) for one in told["edition"]["unitRanking"]] == [(6, 1), (1, None)]
    assert [(one["name"], one["place"]) for one in told["edition"]["gridRanking"]] == [("天湖第一网格", 1)]
    assert [(one["place"], one["flags"]) for one in told["edition"]["stars"]] == [(1, 2), (2, 2), (3, 2)]


async def test_no_person_is_in_it(world: World, http: httpx.AsyncClient) -> None:
    """Everybody gets a name, a telephone number and a login that occur nowhere else."""
    for index, member in enumerate(await Member.all().order_by("id")):
        member.name, member.phone = f"秘{index:03}", f"1380000{index:04}"
        await member.save()
    await a_full_month(world)
    answer, ranked = [
        (await http.post("/", json={"query": text, "variables": {"area": TIANHU}})).text
        for text in (PLAIN, RANKED)
    ]
    assert orjson.loads(answer)["data"]["board"]["edition"]["stars"]
    assert orjson.loads(ranked)["data"]["board"]["corrected"][0]["unitRanking"]
    answer += ranked + orjson.dumps(await board("zr.liaison", area=TIANHU)).decode()
    for member in await Member.all():
        for secret in (member.name, member.phone, member.login, member.id):
            assert secret is None or len(secret) < 3 or secret not in answer, secret
    assert OBJECTING["text"] not in answer and "漏计一件诉求" not in answer
    assert ANSWER["text"] not in answer


def reachable(name: str, found: set[str]) -> set[str]:
    kind = published().type_map[name]
    if name not in found and isinstance(kind, GraphQLObjectType):
        found.add(name)
        for part in kind.fields.values():
            assert not part.args, f"{name} asks further"
            reachable(get_named_type(part.type).name, found)
    return found


def test_nothing_else_can_be_reached_from_it() -> None:
    found = reachable("Board", set())
    assert found == {
        "Board",
        "BoardEdition",
        "BoardEntry",
        "BoardFigure",
        "BoardStar",
        "BilingualText",
    }
    texts = {
        f"{name}.{part}"
        for name in found
        for part, told in published().type_map[name].fields.items()  # type: ignore[attr-defined]
        if get_named_type(told.type).name == "String" and is_leaf_type(get_named_type(told.type))
    }
    known = {"Board.areaName", "BoardEntry.name", "BoardStar.shownAs"}
    assert texts == known | {"BilingualText.en", "BilingualText.zh", "BoardFigure.hash"}


async def test_strangers_read_it_and_nothing_else(world: World, http: httpx.AsyncClient) -> None:
    await Month.published(world)
    want = {"data": {"board": {"month": FEBRUARY, "edition": {"number": 1, "requests": 1}}}}
    for _ in range(2):
        assert (await got(http, SHORT)).json() == want
        assert (await http.post("/", json={"query": SHORT})).json() == want
        assert (await got(http, FRAGMENT)).json() == {"data": {"board": {"month": FEBRUARY}}}
    for document in [
        "{ viewer { member { name } } }",
        f'{{ board(area: "{TIANHU}") {{ month }} areas {{ totalCount }} }}',
        f'{{ a: areas {{ totalCount }} ... {{ board(area: "{TIANHU}") {{ month }} }} }}',
        "{ __schema { types { name } } }",
        "{ publications { totalCount } }",
        f'mutation {{ board(area: "{TIANHU}") {{ month }} }}',
        f'query A {{ board(area: "{TIANHU}") {{ month }} }} query B {{ areas {{ totalCount }} }}',
        "{ board(",
        "",
    ]:
        for response in (await got(http, document), await http.post("/", json={"query": document})):
            assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (
                401,
                "UNAUTHENTICATED",
            ), document
    bad: list[dict[str, Any]] = [
        {"content": b"{"},
        {"json": [1]},
        {"json": {"query": 1}},
        {"data": {"query": SHORT}},
    ]
    for body in bad:
        assert (await http.post("/", **body)).status_code == 401
    refused = await got(http, SHORT, authorization="Bearer nonsense")
    assert refused.status_code == 401, "who brings a token is held to it"


async def test_it_is_known_again_by_its_etag(world: World, http: httpx.AsyncClient) -> None:
    month = await Month.published(world)
    await got(http, SHORT)
    first = await got(http, SHORT)
    assert (first.status_code, first.headers["cache-control"]) == (200, "public, no-cache")
    hits = MEMORY.hits
    again = await got(http, SHORT, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content, MEMORY.hits) == (304, b"", hits + 1)
    await Month.drafted(world, month="2026-01-01")
    still = await got(http, SHORT, if_none_match=first.headers["etag"])
    assert still.status_code == 304, "something happened that it does not show"
    await happened(world)
    await month.done(ORG, "correctPublication", **LEFT_OUT, reason="漏计。")
    other = await got(http, SHORT, if_none_match=first.headers["etag"])
    assert (other.status_code, other.json()["data"]["board"]["edition"]) == (
        200,
        {"number": 2, "requests": 2},
    )
    assert other.headers["etag"] != first.headers["etag"]


LINE = "p, anyone, *, publication, read, published, True, allow\n"


@pytest.fixture
async def closed(world: World) -> AsyncIterator[None]:
    """Rules are in force that publish nothing."""
    text = packaged().text.replace(LINE, "")
    row = PolicyVersion.filter(state=PolicyState.PUBLISHED)
    before = await row.get()
    await row.update(text=text, hash=read_text(text).hash)
    yield
    await row.update(text=before.text, hash=before.hash)
    put_in_force(packaged())


async def test_it_is_the_rules_that_open_it(world: World, http: httpx.AsyncClient, closed: None) -> None:
    assert LINE in packaged().text
    await Month.published(world)
    assert await board("zr.liaison", area=TIANHU) is None
    for _ in range(3):
        assert (await got(http, SHORT)).json() == {"data": {"board": None}}


async def test_an_unknown_area_and_a_bad_month_are_told(
    world: World, http: httpx.AsyncClient, time: Time
) -> None:
    assert (await got(http, '{ board(area: "440699") { month } }')).json() == {"data": {"board": None}}
    told = (await got(http, f'{{ board(area: "{TIANHU}", month: "1000-01-01") {{ month }} }}')).json()
    assert told["errors"][0]["extensions"]["reasonCode"] == "PERIOD_OUT_OF_RANGE"
    assert await Publication.all().count() == 0
