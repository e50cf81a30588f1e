"""The operations that clients ask most, each with what it is asked about the first time and the second."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from asking import Town
from matter import Matter, scores

Variables = dict[str, Any]
Given = Callable[["Busy"], Awaitable[tuple[Variables, Variables]]]

DISTRICT, TOWN = "440606", "440606106"


class Busy:
    """The small world with three matters under way: one waits for its units, one is at work, one is settled."""

    def __init__(self, town: Town) -> None:
        self.town, self.world = town, town.world

    async def fill(self) -> "Busy":
        self.settled = await self.matter()
        await self.settled.bring("EVALUATED", "zr", "zf")
        self.at_work = await self.matter()
        await self.at_work.bring("ARRIVED", "zr")
        self.waiting = await self.matter()
        return self

    async def matter(self) -> Matter:
        return await Matter.issued(self.world, "zr", "zf")

    def unit(self, name: str) -> str:
        return self.town.id(self.world.units[name])


@dataclass(frozen=True)
class Operation:
    name: str
    about: str
    login: str
    document: str
    given: Given


def always(**variables: object) -> Given:
    async def given(busy: Busy) -> tuple[Variables, Variables]:
        return variables, variables

    return given


async def a_matter(busy: Busy) -> tuple[Variables, Variables]:
    return ({"id": busy.at_work.id},) * 2


async def a_place_in_the_list(busy: Busy) -> tuple[Variables, Variables]:
    found = await busy.town.ask("junan.coordinator", NEWEST, town=TOWN, first=1)
    return ({"town": TOWN, "first": 50, "after": found["summonses"]["pageInfo"]["endCursor"]},) * 2


async def a_unit(busy: Busy) -> tuple[Variables, Variables]:
    return ({"unit": busy.unit("zr")},) * 2


async def a_place_in_the_log(busy: Busy) -> tuple[Variables, Variables]:
    found = await busy.town.ask("junan.coordinator", EVENTS, first=1)
    return ({"first": 20, "after": found["events"]["edges"][0]["cursor"]},) * 2


async def two_drafts(busy: Busy) -> tuple[Variables, Variables]:
    draft = {"issuer": "440606106004", "title": "公园照明", "text": "夜间不足。", "category": "ECONOMY"}
    draft["units"] = [busy.unit("zr"), busy.unit("zf")]
    return ({"input": draft},) * 2


async def two_to_issue(busy: Busy) -> tuple[Variables, Variables]:
    first, second = [
        await (await Matter.drafted(busy.world, "zr", "zf")).bring("PENDING_REVIEW") for _ in range(2)
    ]
    return {"id": first.id}, {"id": second.id}


async def two_to_accept(busy: Busy) -> tuple[Variables, Variables]:
    member = busy.town.id(busy.world.members["zr.member"])
    first, second = [
        {"task": await (await busy.matter()).task_id("zr"), "responsible": member} for _ in range(2)
    ]
    return {"input": first}, {"input": second}


async def two_to_evaluate(busy: Busy) -> tuple[Variables, Variables]:
    first, second = [
        await (await (await busy.matter()).bring("RESOLVED", "zr")).task_id("zr") for _ in range(2)
    ]
    return tuple({"input": {"task": task, "scores": scores(90)}} for task in (first, second))  # type: ignore[return-value]


SUMMONS = """query Summons($id: ID!) { summons(id: $id) { number title category state issuedAt dueAt
    issuer { code name parent { code name parent { code name } } }
    tasks { state dueAt unit { id name } responsible { id name } } } }"""
NEWEST = """query Newest($town: AreaCode!, $state: [SummonsState!], $first: Int, $after: Cursor) {
    summonses(area: $town, filter: {state: $state}, first: $first, after: $after) {
        edges { cursor node { id title state issuedAt issuer { name } tasks { state unit { name } } } }
        pageInfo { hasNextPage endCursor } } }"""
TREE = """query Tree($code: AreaCode!) {
    area(code: $code) { name ... on District { towns { name villages { name grids { name } } } } } }"""
FIGURES = """query Figures($town: AreaCode!, $from: Date!, $to: Date!) { area(code: $town) { ... on Town {
    villages { code name statistics(from: $from, to: $to) { issued due resolved closingRate } } } } }"""
COUNTS = """query Counts($town: AreaCode!) { area(code: $town) { summonsCounts { state count }
    children(level: VILLAGE, first: 100) { edges { node { name summonsCounts { state count } } } } } }"""
INBOX = """query Inbox { viewer { member { name } tasks(first: 20) { edges { node { id state dueAt
    summons { title issuer { name } } availableActions { action allowed reason } } } pageInfo { endCursor } } } }"""
TASKS = """query Tasks($unit: ID!) { tasks(filter: {unit: $unit}, first: 20) { edges { node {
    id state dueAt responsible { name } summons { number title issuer { name } } } } pageInfo { endCursor } } }"""
EVENTS = """query Events($first: Int, $after: Cursor) { events(first: $first, after: $after) { edges { cursor node {
    type at actor { name } area { name } summons { number title } task { state unit { name } } } } } }"""
SEARCH = """query Search($name: String!, $area: AreaCode!) { units(name: $name, area: $area, first: 10) {
    edges { node { id name level homeArea { name } members(first: 10) { edges { node { id name } } } } } } }"""
DRAFT = """mutation Draft($input: DraftSummonsInput!) { draftSummons(input: $input) {
    summons { id number state targets { name } } event { type at } problems { code message path } } }"""
ISSUE = """mutation Issue($id: ID!) { issueSummons(input: {summons: $id}) {
    summons { state dueAt tasks { id state unit { name } } } event { type at } problems { code message path } } }"""
ACCEPT = """mutation Accept($input: AcceptTaskInput!) { acceptTask(input: $input) {
    task { id state dueAt responsible { name } } event { type at } problems { code message path } } }"""
EVALUATE = """mutation Evaluate($input: EvaluateTaskInput!) { evaluateTask(input: $input) {
    task { state evaluations { total } summons { state } } event { type at } problems { code message path } } }"""
STATES = ["ISSUED", "IN_PROGRESS"]

OPERATIONS = (
    Operation(
        "sign-in", "signing in, and nothing else", "zr.liaison", "query Nothing { __typename }", always()
    ),
    Operation("summons", "one summons with places, tasks and people", "junan.coordinator", SUMMONS, a_matter),
    Operation(
        "newest",
        "the newest summonses of a town in some states, with their tasks",
        "junan.coordinator",
        NEWEST,
        always(town=TOWN, first=50, state=STATES),
    ),
    Operation("next-page", "the page after a cursor", "junan.coordinator", NEWEST, a_place_in_the_list),
    Operation("tree", "the tree of a district", "tianhu.cadre", TREE, always(code=DISTRICT)),
    Operation(
        "figures",
        "figures for each village of a town",
        "junan.coordinator",
        FIGURES,
        always(town=TOWN, **{"from": "2026-01-01", "to": "2026-03-02"}),
    ),
    Operation(
        "counts",
        "how many summonses are in each state, for a town and each village",
        "shunde.org",
        COUNTS,
        always(town=TOWN),
    ),
    Operation("inbox", "what waits for somebody, and what they may do", "zr.liaison", INBOX, always()),
    Operation("tasks-of-a-unit", "the tasks of a unit, for one of its members", "zr.head", TASKS, a_unit),
    Operation("events", "a page of the log", "junan.coordinator", EVENTS, a_place_in_the_log),
    Operation(
        "search", "units by name, and their members", "tianhu.cadre", SEARCH, always(name="均安", area=TOWN)
    ),
    Operation("draft", "drafting a summons to two units", "tianhu.cadre", DRAFT, two_drafts),
    Operation("issue", "issuing it", "tianhu.secretary", ISSUE, two_to_issue),
    Operation("accept", "accepting a task and naming who does it", "zr.liaison", ACCEPT, two_to_accept),
    Operation("evaluate", "evaluating a task", "tianhu.secretary", EVALUATE, two_to_evaluate),
)
