"""Menus of categories with their forms, requests that are alike, and the figures of requests."""

from asyncio import create_task, sleep
from itertools import pairwise
from json import dumps
from random import Random
from time import monotonic
from typing import Any

import orjson
import pytest
from api import Answer, ask, do, why_not
from asking import statements
from matter import EYE
from plea import CADRE, GRID, NEW, RESIDENT, TIANHU, VOLUNTEER, Plea, neighbours
from world import Time, World, everything

pytest_plugins = ["monday"]

LIGHT = {
    "type": "object",
    "properties": {
        "lamps": {"type": "integer", "minimum": 1},
        "since": {"type": "string", "format": "date"},
        "poles": {"type": "array", "items": {"type": "string", "maxLength": 3}},
    },
    "required": ["lamps"],
}
ENTRY = {"area": TIANHU, "name": "路灯", "schema": orjson.dumps(LIGHT).decode()}
SHOWN = "query($id: ID!) { request(id: $id) { category { name } form } }"
MENU = """query($area: AreaCode!) { requestCategories(area: $area) { edges { node {
    id name children { id name parent { name } } } } } }"""
SIMILAR = "query($id: ID!) { request(id: $id) { similar { similarity request { id } } } }"
FIGURES = """query($area: AreaCode!, $from: Date!, $to: Date!) { area(code: $area) {
    requestFigures(from: $from, to: $to) { received merged settled settlingRate orders verified orderRate
        byClass { matterClass count } byChannel { channel count } } } }"""
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


async def entered(**given: Any) -> str:
    """The id of a new entry."""
    payload = await do(CADRE, "createRequestCategory", ENTRY | given)
    assert payload["problems"] == [], payload["problems"]
    return str(payload["category"]["id"])


def filled(**form: Any) -> str:
    return orjson.dumps(form).decode()


async def test_a_request_keeps_the_form_that_its_category_asks_for(world: World) -> None:
    category = await entered()
    plea = await Plea.made(world, requestCategory=category, form=filled(lamps=2, poles=["A1"]))
    shown = (await ask(RESIDENT, SHOWN, id=plea.id))["request"]
    assert shown == {"category": {"name": "路灯"}, "form": '{"lamps":2,"poles":["A1"]}'}
    other = await Plea.made(world)
    await other.done(
        CADRE, "triageRequest", matterClass="PUBLIC", requestCategory=category, form=filled(lamps=1)
    )
    assert (await ask(CADRE, SHOWN, id=other.id))["request"]["form"] == '{"lamps":1}'


FORMS: list[tuple[Answer, list[str]]] = [
    ({}, ["InvalidInput FORM_MISSING form"]),
    ({"form": "{}"}, ["InvalidInput FORM_FIELD_MISSING form/lamps"]),
    ({"form": "[]"}, ["InvalidInput NOT_AN_OBJECT form"]),
    ({"form": "灯"}, ["InvalidInput NOT_AN_OBJECT form"]),
    ({"form": filled(lamps=1, colour="red")}, ["InvalidInput FORM_FIELD_UNKNOWN form/colour"]),
    ({"form": filled(lamps=0)}, ["InvalidInput FORM_VALUE form/lamps"]),
    ({"form": filled(lamps=1, poles=["A1", "long"])}, ["InvalidInput FORM_VALUE form/poles/1"]),
    (
        {"form": filled(colour="red", poles=7)},
        [
            "InvalidInput FORM_VALUE form/poles",
            "InvalidInput FORM_FIELD_UNKNOWN form/colour",
            "InvalidInput FORM_FIELD_MISSING form/lamps",
        ],
    ),
]


async def test_whatever_is_wrong_in_a_form_is_told_by_its_place(sqlite_world: World) -> None:
    category = await entered()
    before = await everything()
    given = NEW | {"requestCategory": category}
    answers = [(await why_not(RESIDENT, "createRequest", given | form), wanted) for form, wanted in FORMS]
    assert [(sorted(got), sorted(wanted)) for got, wanted in answers if sorted(got) != sorted(wanted)] == []
    assert await why_not(RESIDENT, "createRequest", NEW | {"form": "{}"}) == [
        "InvalidInput FORM_NOT_ASKED form"
    ]
    assert await everything() == before


def schema_of(field: Answer, defs: Answer | None = None) -> str:
    """Of a form with one field."""
    return dumps({"type": "object", "properties": {"a": field}, "$defs": defs or {}})


def doubling(levels: int) -> Answer:
    """Each refers to the next one twice."""
    twice = {f"d{level}": {"allOf": [{"$ref": f"#/$defs/d{level + 1}"}] * 2} for level in range(levels)}
    return {**twice, f"d{levels}": {"type": "string"}}


def chain(levels: int) -> Answer:
    return {f"d{level}": {"$ref": f"#/$defs/d{level + 1}"} for level in range(levels)} | {f"d{levels}": {}}


def nested(word: str, levels: int) -> Answer:
    return {word: nested(word, levels - 1)} if levels else {}


def deep(levels: int) -> list[object]:
    return [deep(levels - 1)] if levels > 1 else []


SCHEMAS = {
    '{"type": "objekt"}': ["SCHEMA_MALFORMED", "SCHEMA_OF_NO_OBJECT"],
    '{"type": "array"}': ["SCHEMA_OF_NO_OBJECT"],
    '{"type": "object"}': ["SCHEMA_OF_NO_OBJECT"],
    '{"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:1/s"}}}': ["SCHEMA_REFERS_ELSEWHERE"],
    '{"type": "object", "properties": {}, "$id": "http://x.example/s"}': ["SCHEMA_REFERS_ELSEWHERE"],
    '{"type": "object", "properties": {"a": {"$ref": "#/$defs/gone"}}}': ["SCHEMA_MALFORMED"],
    '{"type": "object", "properties": {"a": {"$ref": "#"}}}': ["SCHEMA_REFERS_ELSEWHERE"],
    '{"type": "object", "properties": {"a": {"$dynamicRef": "#/$defs/a"}}}': ["SCHEMA_REFERS_ELSEWHERE"],
    '{"type": "object", "properties": {"a": {"pattern": "("}}}': ["SCHEMA_MALFORMED"],
    '{"type": "object", "properties": {"a": {"pattern": "(?=a)b"}}}': ["SCHEMA_MALFORMED"],
    schema_of({"pattern": "^(?:(?:a{1,100}){1,100}){1,10}$"}): ["SCHEMA_MALFORMED"],
    schema_of({"allOf": [{"pattern": f"^a{number}"} for number in range(21)]}): ["SCHEMA_TOO_LARGE"],
    schema_of({"patternProperties": {f"^a{number}": {} for number in range(21)}}): ["SCHEMA_TOO_LARGE"],
    schema_of({"$ref": "#/$defs/d0"}, doubling(16)): ["SCHEMA_TOO_LARGE"],
    schema_of({"items": {"$ref": "#/properties/a"}}): ["SCHEMA_TOO_LARGE"],
    schema_of({"$ref": "#/$defs/d0"}, chain(60)): ["SCHEMA_TOO_LARGE"],
    schema_of({"allOf": [{"multipleOf": number} for number in range(1, 22)]}): ["SCHEMA_TOO_LARGE"],
    schema_of({"allOf": [{"$ref": "#/$defs/d0"}] * 4}, doubling(7)): ["SCHEMA_TOO_LARGE"],
    schema_of({"enum": list(range(2_000))}): ["JSON_TOO_LARGE"],
    schema_of(nested("items", 48)): ["JSON_TOO_DEEP"],
    schema_of({"const": "a\0b"}): ["NUL_CHARACTER"],
    schema_of({"properties": {"a\0b": {}}}): ["NUL_CHARACTER"],
}


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_what_is_no_form_is_refused(sqlite_world: World, schema: str) -> None:
    told = await why_not(CADRE, "createRequestCategory", ENTRY | {"schema": schema})
    assert told == [f"InvalidInput {code} schema" for code in SCHEMAS[schema]]


async def test_what_is_large_and_refers_to_its_parts_is_a_form(sqlite_world: World) -> None:
    for schema in (
        schema_of({"enum": list(range(1_900))}),
        schema_of({"$ref": "#/$defs/d0"}, doubling(6)),
        schema_of({"$ref": "#/$defs/d0"}, chain(10)),
        schema_of(nested("items", 47)),
        schema_of({"$ref": "#/$defs/a~1b%20c"}, {"a/b c": {"pattern": "^[\u4e00-\u9fff]{2,20}$"}}),
        schema_of(
            {"enum": [["a"], "b"]}, {"one": {"$ref": "#/properties/a/enum/0"}, "$ref": {"type": "string"}}
        ),
    ):
        assert await why_not(CADRE, "createRequestCategory", ENTRY | {"schema": schema}) == []


async def test_a_form_that_no_database_could_keep_is_refused(sqlite_world: World) -> None:
    category = await entered(schema='{"type": "object", "properties": {"a": {}}}')
    forms = {
        dumps({"a": deep(49)}): [],
        dumps({"a": deep(50)}): ["InvalidInput JSON_TOO_DEEP form"],
        filled(a=[1] * 1_998): [],
        filled(a=[1] * 1_999): ["InvalidInput JSON_TOO_LARGE form"],
        '{"a":' + "[" * 300 + "]" * 300 + "}": ["InvalidInput JSON_TOO_DEEP form"],
        dumps({"a": "x\0y"}): ["InvalidInput NUL_CHARACTER form"],
        dumps({"a": {"x\0y": 1}}): ["InvalidInput NUL_CHARACTER form"],
    }
    for form, wanted in forms.items():
        assert (
            await why_not(RESIDENT, "createRequest", NEW | {"requestCategory": category, "form": form})
            == wanted
        )


async def test_of_very_many_errors_some_are_told_and_nobody_waits_for_them(sqlite_world: World) -> None:
    few = await entered(schema=schema_of({"items": {"type": "string"}}))
    many = await entered(schema=schema_of({"items": {"allOf": [{"type": "string"}] * 600}}), name="多")
    for category, size, told in ((few, 40, 40), (few, 900, 50), (many, 1_990, 1)):
        given = {"requestCategory": category, "form": filled(a=[1] * size)}
        start = monotonic()
        faults = await why_not(RESIDENT, "createRequest", NEW | given)
        assert faults == [f"InvalidInput FORM_VALUE form/a/{index}" for index in range(told)]
        assert monotonic() - start < 5


async def test_a_menu_nests_to_any_depth_and_counts_for_everything_below(world: World) -> None:
    top = await entered(name="设施", schema=None)
    middle = await entered(name="照明", schema=None, parentCategory=top)
    bottom = await entered(name="路灯", parentCategory=middle)
    for area in (TIANHU, GRID):
        edges = (await ask(RESIDENT, MENU, area=area))["requestCategories"]["edges"]
        below = [{"id": middle, "name": "照明", "parent": {"name": "设施"}}]
        assert [edge["node"] for edge in edges] == [{"id": top, "name": "设施", "children": below}]
    assert (await ask(RESIDENT, MENU, area="440606106201"))["requestCategories"]["edges"] == []
    given = {"area": "440606104219", "requestCategory": bottom, "form": filled(lamps=1), "channel": "BOX"}
    assert await why_not("wanan.secretary", "createRequest", NEW | given) == [
        "InvalidInput CATEGORY_ELSEWHERE requestCategory"
    ]
    closing = {"requestCategory": middle, "reason": "不再使用。"}
    assert await why_not(CADRE, "closeRequestCategory", closing) == ["WrongState CATEGORY_HAS_ENTRIES"]
    assert await why_not(CADRE, "closeRequestCategory", closing | {"requestCategory": bottom}) == []
    assert await why_not(CADRE, "closeRequestCategory", closing) == []
    assert await why_not(CADRE, "closeRequestCategory", closing) == ["WrongState CATEGORY_CLOSED"]
    given = {"requestCategory": bottom, "form": filled(lamps=1)}
    assert await why_not(RESIDENT, "createRequest", NEW | given) == [
        "InvalidInput CATEGORY_CLOSED requestCategory"
    ]
    assert await why_not(CADRE, "createRequestCategory", ENTRY | {"parentCategory": middle}) == [
        "InvalidInput CATEGORY_CLOSED parentCategory"
    ]
    assert await why_not("wanan.secretary", "createRequestCategory", ENTRY) == ["NotAllowed WRONG_PLACE"]
    elsewhere = ENTRY | {"area": "440606104219", "parentCategory": top}
    assert await why_not("wanan.secretary", "createRequestCategory", elsewhere) == [
        "InvalidInput CATEGORY_ELSEWHERE parentCategory"
    ]


async def test_where_a_category_wants_evidence_no_order_is_done_without(world: World) -> None:
    category = await entered(schema=None, needsEvidence=True)
    plea = await Plea.triaged(world, "COMMUNITY", requestCategory=category)
    await plea.done(CADRE, "dispatchRequest", text="换灯。", assignee=CADRE)
    await plea.done(CADRE, "acceptOrder", 1)
    told = await plea.why_not(CADRE, "completeOrder", 1, text="已换。")
    assert told == "InvalidInput EVIDENCE_MISSING evidence"
    await plea.done(CADRE, "completeOrder", 1, text="已换。", evidence=["https://photos.example/1.jpg"])


async def test_requests_in_similar_words_are_found_near_in_place_and_time(world: World, time: Time) -> None:
    words = "天湖街3号门口的路灯坏了三天,晚上很黑。"
    long_ago = await Plea.made(world, text=words)
    time.pass_to("04-10 09:00")
    first = await Plea.made(world, text=words)
    near = await Plea.made(world, CADRE, area=GRID, anonymous=True, text="天湖街3号路灯坏了,晚上很黑")
    await Plea.made(world, text="村口河道漂浮垃圾没有人清理,夏天气味很大。", place="村口")
    await Plea.made(world, "wanan.secretary", area="440606104219", channel="BOX", text=words)
    for login, wanted in ((CADRE, [near.id]), (EYE, [near.id]), (RESIDENT, [])):
        found = (await ask(login, SIMILAR, id=first.id))["request"]["similar"]
        assert [one["request"]["id"] for one in found] == wanted, login
        assert all(70 <= one["similarity"] <= 100 for one in found)
    await near.done(CADRE, "mergeRequest", into=first.id)
    assert (await ask(CADRE, SIMILAR, id=first.id))["request"]["similar"] == []
    assert (await ask(CADRE, SIMILAR, id=long_ago.id))["request"]["similar"] == []


async def test_those_of_a_whole_list_are_found_together_by_what_they_are_compared_by(world: World) -> None:
    listed = "{ requests { edges { node { id similar { request { id } } } } } }"
    sent = {}
    for size in (2, 6):
        pleas = [await Plea.made(world) for _ in range(size)]
        with statements() as told:
            edges = (await ask(CADRE, listed))["requests"]["edges"]
        sent[size] = len(told)
        found = {
            edge["node"]["id"]: [one["request"]["id"] for one in edge["node"]["similar"]] for edge in edges
        }
        for plea in pleas:
            others = [one for one in found if one != plea.id]
            assert set(found[plea.id]) <= set(others) and len(found[plea.id]) == min(5, len(others))
    assert sent[2] == sent[6]
    (compared,) = [one for one in told if "place" in one and "escalation_level" not in one]
    assert '"id"' in compared


def different(number: int) -> str:
    return "".join(Random(number).choices("天湖街路灯坏了晚上很黑河道垃圾没人清理夏天气味大请来看看", k=400))


async def test_others_are_answered_while_requests_are_compared(sqlite_world: World) -> None:
    pleas = [await Plea.made(sqlite_world, text=different(number)) for number in range(40)]
    asking = create_task(ask(CADRE, "{ requests(first: 40) { edges { node { similar { similarity } } } } }"))
    turns = [monotonic()]
    while not asking.done():
        await sleep(0.001)
        turns.append(monotonic())
    assert len(asking.result()["requests"]["edges"]) == len(pleas)
    longest = max(later - earlier for earlier, later in pairwise(turns))
    assert longest < (turns[-1] - turns[0]) / 2


async def test_figures_show_what_they_are_made_of(world: World, time: Time) -> None:
    await neighbours(world)
    ordered = await Plea.ordered(world, assignee=VOLUNTEER)
    await ordered.done(CADRE, "createOrder", text="再清理。")
    await ordered.done(VOLUNTEER, "acceptOrder", 1)
    await ordered.done(VOLUNTEER, "completeOrder", 1, text="已换。")
    await ordered.done(CADRE, "verifyOrder", 1)
    await Plea.settled(world)
    taken_back = await Plea.made(world)
    await Plea.made(world, CADRE, channel="BOX", anonymous=True)
    await taken_back.done(RESIDENT, "withdrawRequest")
    await Plea.triaged(world, "PUBLIC", CADRE, area=GRID, channel="VISIT", anonymous=True)
    figures = (await ask(EYE, FIGURES, area=TIANHU, **MARCH))["area"]["requestFigures"]
    assert figures == {
        "received": 5,
        "merged": 0,
        "settled": 1,
        "settlingRate": 0.2,
        "orders": 2,
        "verified": 1,
        "orderRate": 0.5,
        "byClass": [
            {"matterClass": "PUBLIC", "count": 1},
            {"matterClass": "COMMUNITY", "count": 1},
            {"matterClass": None, "count": 3},
        ],
        "byChannel": [
            {"channel": "VISIT", "count": 1},
            {"channel": "BOX", "count": 1},
            {"channel": "ONLINE", "count": 3},
        ],
    }
    own = (await ask(RESIDENT, FIGURES, area="440606", **MARCH))["area"]["requestFigures"]
    assert (own["received"], own["orders"], own["orderRate"]) == (3, 0, None)
    february = {"from": "2026-02-01", "to": "2026-02-28"}
    none = (await ask(EYE, FIGURES, area=TIANHU, **february))["area"]["requestFigures"]
    assert (none["received"], none["settlingRate"], none["byClass"]) == (0, None, [])
