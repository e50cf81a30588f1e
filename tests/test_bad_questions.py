"""Questions that cannot be right get an error with a code; keys and versions keep a change from happening twice."""

from typing import Any

from api import ask, do, refused, why_not
from matter import DRAFT, EYE, RESOLUTION, Matter
from world import World, everything

from resolvers.ids import encoded

pytest_plugins = ["monday"]

TIANHU = "440606106004"
ROOT_LISTS = ("areas", "units", "dutyItems", "summonses", "tasks", "events")
AREA_LISTS = ("children", "units", "summonses")
LIST = "query($first: Int, $after: Cursor) {{ {} {{ pageInfo {{ endCursor }} }} }}"
LISTS = [
    *(LIST.format(f"{name}(first: $first, after: $after)") for name in ROOT_LISTS),
    *(
        LIST.format(f'area(code: "440606") {{ {name}(first: $first, after: $after)') + " }"
        for name in AREA_LISTS
    ),
    LIST.format("viewer { tasks(first: $first, after: $after)") + " }",
]
STATISTICS = (
    "query($from: Date!, $to: Date!) { area(code: $code) { statistics(from: $from, to: $to) { issued } } }"
)
STATISTICS = STATISTICS.replace("$code", '"440606"')
SUMMONSES = "query($filter: SummonsFilter) { summonses(filter: $filter) { totalCount } }"
TASKS = "query($filter: TaskFilter) { tasks(filter: $filter) { totalCount } }"
AREAS = "query($name: String) { areas(name: $name) { totalCount } }"
SUMMONS, TASK = "query($id: ID!) { summons(id: $id) { id } }", "query($id: ID!) { task(id: $id) { id } }"
NODE, NODES = "query($id: ID!) { node(id: $id) { id } }", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
EVENTS = "query($types: [String!]) { events(types: $types) { edges { cursor } } }"
EXPLAIN = "query($action: String!, $object: ID!) { explain(action: $action, object: $object) { allowed } }"
VILLAGE, NOBODY = encoded("Village", TIANHU), encoded("Summons", "0")

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (STATISTICS, {"from": "2026-03-02", "to": "2026-03-01"}, "BAD_USER_INPUT PERIOD_UPSIDE_DOWN to"),
    (STATISTICS, {"from": "1026-03-02", "to": "2026-03-01"}, "BAD_USER_INPUT PERIOD_OUT_OF_RANGE from"),
    (STATISTICS, {"from": "2026-02-30", "to": "2026-03-01"}, "BAD_USER_INPUT"),
    (SUMMONS, {"id": VILLAGE}, "BAD_USER_INPUT WRONG_ID_TYPE id"),
    (SUMMONS, {"id": "440606"}, "BAD_USER_INPUT MALFORMED_ID id"),
    (TASK, {"id": NOBODY}, "BAD_USER_INPUT WRONG_ID_TYPE id"),
    (NODE, {"id": ""}, "BAD_USER_INPUT MALFORMED_ID id"),
    (NODES, {"ids": [VILLAGE, "天湖"]}, "BAD_USER_INPUT MALFORMED_ID ids/1"),
    (NODES, {"ids": [VILLAGE] * 101}, "BAD_USER_INPUT TOO_MANY ids"),
    (AREAS, {"name": "天" * 100_000}, "BAD_USER_INPUT TOO_LONG name"),
    (AREAS, {"name": "天\x00湖"}, "BAD_USER_INPUT NUL_CHARACTER name"),
    (AREAS, {"name": "天\ud800湖"}, "BAD_USER_INPUT BROKEN_CHARACTER name"),
    (SUMMONSES, {"filter": {"text": "\x00"}}, "BAD_USER_INPUT NUL_CHARACTER filter/text"),
    (SUMMONSES, {"filter": {"unit": VILLAGE}}, "BAD_USER_INPUT WRONG_ID_TYPE filter/unit"),
    (SUMMONSES, {"filter": {"issuer": "天湖"}}, "BAD_USER_INPUT"),
    (SUMMONSES, {"filter": {"issuedFrom": "2026-03-02"}}, "BAD_USER_INPUT"),
    (SUMMONSES, {"filter": {"issuedFrom": "0001-01-01T00:00:00Z"}}, "BAD_USER_INPUT"),
    (TASKS, {"filter": {"responsible": "x"}}, "BAD_USER_INPUT MALFORMED_ID filter/responsible"),
    (EVENTS, {"types": ["task.accepted", "task.eaten"]}, "BAD_USER_INPUT EVENT_TYPE_UNKNOWN types/1"),
    (EXPLAIN, {"action": "eat", "object": VILLAGE}, "BAD_USER_INPUT ACTION_UNKNOWN action"),
    *((one, {"first": size}, "BAD_USER_INPUT FIRST_OUT_OF_RANGE first") for one in LISTS for size in (0, -1, 10_000)),
    *((one, {"after": place}, "BAD_USER_INPUT CURSOR_MALFORMED after") for one in LISTS for place in ("", "湖", "e30")),
]  # fmt: skip
NONE = {"summonses": {"totalCount": 0}}
EMPTY: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("query($code: AreaCode!) { area(code: $code) { id } }", {"code": "999999"}, {"area": None}),
    ("query($code: AreaCode!) { summonses(area: $code) { totalCount } }", {"code": "999999"}, NONE),
    (SUMMONS, {"id": NOBODY}, {"summons": None}),
    (NODES, {"ids": [VILLAGE, NOBODY]}, {"nodes": [{"id": VILLAGE}, None]}),
    (SUMMONSES, {"filter": {"issuedFrom": "2026-03-02T00:00:00Z", "issuedTo": "2026-03-01T00:00:00Z"}}, NONE),
    (SUMMONSES, {"filter": {"state": ["ISSUED"] * 40_000}}, NONE),
    (SUMMONSES, {"filter": {"state": []}}, NONE),
    (SUMMONSES, {"filter": {"text": "%"}}, NONE),
]  # fmt: skip


async def test_questions_that_cannot_be_right_get_an_error_with_a_code(world: World) -> None:
    answers = [(await refused(EYE, document, **given), [error]) for document, given, error in REFUSED]
    assert [(got, wanted) for got, wanted in answers if got != wanted] == []


async def test_questions_about_nothing_get_nothing(world: World) -> None:
    await Matter.drafted(world)
    answers = [(await ask(EYE, document, **given), data) for document, given, data in EMPTY]
    assert [(got, wanted) for got, wanted in answers if got != wanted] == []


async def test_a_cursor_fits_only_the_list_it_came_from(world: World) -> None:
    by_code = await ask(EYE, LISTS[0], first=1)
    elsewhere = by_code["areas"]["pageInfo"]["endCursor"]
    assert await refused(EYE, LISTS[1], after=elsewhere) == ["BAD_USER_INPUT CURSOR_FOREIGN after"]
    assert await refused(EYE, LISTS[5], after=elsewhere) == ["BAD_USER_INPUT CURSOR_MALFORMED after"]


async def test_the_same_key_with_the_same_input_changes_once_and_answers_again(world: World) -> None:
    given = world.ids(DRAFT | {"issuer": TIANHU, "units": ["zr"], "idempotencyKey": "draft-1"})
    first = await do("tianhu.cadre", "draftSummons", given)
    before = await everything()
    assert await do("tianhu.cadre", "draftSummons", given) == first
    assert await why_not("tianhu.cadre", "draftSummons", given | {"title": "另一事项"}) == [
        "Conflict KEY_REUSED"
    ]
    assert await why_not(
        "tianhu.cadre",
        "cancelSummons",
        {"summons": first["summons"]["id"], "reason": "错发。", "idempotencyKey": "draft-1"},
    ) == ["Conflict KEY_REUSED"]
    assert await everything() == before
    by_another = await do("tianhu.secretary", "draftSummons", given)
    assert by_another["summons"]["id"] != first["summons"]["id"]


async def test_a_refusal_does_not_use_up_its_key(world: World) -> None:
    matter = await Matter.drafted(world, "zr")
    wrong = {"resolution": RESOLUTION | {"present": 0}, "idempotencyKey": "submit-1"}
    right = wrong | {"resolution": RESOLUTION}
    submit = ("tianhu.cadre", "submitSummonsForReview")
    assert await matter.why_not(*submit, **wrong) == "InvalidInput RESOLUTION_NOBODY resolution/present"
    first = await matter.done(*submit, **right)
    assert (await matter.done(*submit, **right))["event"] == first["event"]


async def test_whoever_has_seen_an_older_version_is_told_so(world: World) -> None:
    matter = await Matter.drafted(world, "zr")
    await matter.done("tianhu.cadre", "updateDraftSummons", version=1, title="新题目")
    before = await everything()
    stale = await matter.why_not("tianhu.cadre", "updateDraftSummons", version=1, title="旧题目")
    assert stale == "Conflict VERSION_CHANGED"
    assert await everything() == before
