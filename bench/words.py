"""Each contender's own words for a draw: its document, its variables, and its answer brought to one shape."""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import orjson

from bench.district import member_ids
from bench.workloads import Draw
from models import clock
from resolvers.ids import encoded

Json = dict[str, object]
Documents = Mapping[str, str]
OPERATIONS = {"W1": "Summons", "W2": "Newest", "W3": "Tree", "W4": "Figures", "W5": "Accept", "W6": "Accept"}

OURS = {
    "W1": "query Summons($id: ID!) { summons(id: $id) { id number title category state issuedAt dueAt "
    "issuer { code name parent { code name parent { code name } } } "
    "tasks { id state dueAt unit { id name } responsible { id name } } } }",
    "W2": "query Newest($town: AreaCode!, $state: [SummonsState!]) { "
    "summonses(area: $town, filter: {state: $state}, first: 50) { edges { cursor node { id title state issuedAt "
    "issuer { name } tasks { state unit { name } } } } pageInfo { hasNextPage endCursor } } }",
    "W3": "query Tree($code: AreaCode!) { area(code: $code) { name ... on District { "
    "towns { name villages { name grids { name } } } } } }",
    "W4": "query Figures($town: AreaCode!, $from: Date!, $to: Date!) { area(code: $town) { ... on Town { "
    "villages { code name statistics(from: $from, to: $to) { issued due resolved closingRate } } } } }",
    "W5": "mutation Accept($task: ID!) { acceptTask(input: {task: $task}) { task { id state } "
    "problems { message } } }",
}
MERCURIUS: Documents = {
    "W1": OURS["W1"],
    "W2": "query Newest($town: String!, $state: String!) { "
    "summonses(town: $town, state: $state, first: 50) { edges { cursor node { id title state issuedAt "
    "issuer { name } tasks { state unit { name } } } } pageInfo { hasNextPage endCursor } } }",
    "W3": "query Tree($code: String!) { area(code: $code) { name towns { name villages { name grids { name } } } } }",
    "W4": "query Figures($town: String!, $since: String!, $until: String!) { area(code: $town) { "
    "villages: figures(since: $since, until: $until) { code name issued due resolved closingRate } } }",
    "W5": "mutation Accept($task: ID!, $actor: ID!) { acceptTask(task: $task, actor: $actor) { id state } }",
}
NAIVE: Documents = OURS | {"W5": MERCURIUS["W5"]}
_BELOW = 'areasByParentIdList(condition: {level: "%s"}, orderBy: CODE_ASC)'
POSTGRAPHILE: Documents = {
    "W1": "query Summons($id: String!) { summons: summonByRowId(rowId: $id) { id: rowId number title category state "
    "issuedAt dueAt issuer: areaByIssuerId { code name parent: areaByParentId { code name "
    "parent: areaByParentId { code name } } } tasks: tasksBySummonsIdList(orderBy: ROW_ID_ASC) { id: rowId state "
    "dueAt unit: unitByUnitId { id: rowId name } responsible: memberByResponsibleId { id: rowId name } } } }",
    "W2": "query Newest($town: String!, $state: String!) { summonses: townSummonses(town: $town, wanted: $state, "
    "first: 50, orderBy: [LISTED_AT_DESC, ROW_ID_DESC]) { edges { cursor node { id: rowId title state issuedAt "
    "issuer: areaByIssuerId { name } tasks: tasksBySummonsIdList(orderBy: ROW_ID_ASC) { state "
    "unit: unitByUnitId { name } } } } pageInfo { hasNextPage endCursor } } }",
    "W3": f"query Tree($code: String!) {{ area: areaByCode(code: $code) {{ name towns: {_BELOW % 'TOWN'} {{ name "
    f"villages: {_BELOW % 'VILLAGE'} {{ name grids: {_BELOW % 'GRID'} {{ name }} }} }} }} }}",
    "W4": "query Figures($town: String!, $since: Datetime!, $until: Datetime!) { villages: townFiguresList("
    "town: $town, periodStart: $since, periodEnd: $until) { code name issued due resolved closingRate } }",
    "W5": "mutation Accept($task: String!, $actor: String!) { acceptTask(input: {taskId: $task, actor: $actor}) { "
    "task: result { id: rowId state } } }",
    "W6": "mutation Accept($task: String!, $actor: String!) { acceptTaskAndTell(input: {taskId: $task, actor: $actor}) "
    "{ task: result { id: rowId state } } }",
}
"""W6 has its own word for accepting: only there somebody listens."""
UPDATES = "subscription Updates($area: %s!) { taskUpdates(area: $area) { event { type at summons { number title } } } }"

TYPES = {"id": "Summons", "task": "Task"}


def with_ids(about: Mapping[str, str]) -> Json:
    """baodao's variables: global ids; who acts is told by the token."""
    wanted = {name: value for name, value in about.items() if name != "actor"}
    return {name: encoded(TYPES[name], value) if name in TYPES else value for name, value in wanted.items()}


def with_keys(about: Mapping[str, str]) -> Json:
    """Plain keys; the one who acts has to be named."""
    return {name: member_ids()[value] if name == "actor" else value for name, value in about.items()}


def with_moments(about: Mapping[str, str]) -> Json:
    """Plain keys, and a period as its first and its last instant."""
    variables = with_keys(about)
    if "from" in about:
        del variables["from"], variables["to"]
        variables["since"] = clock.start_of_day(date.fromisoformat(about["from"])).isoformat()
        variables["until"] = last_instant(date.fromisoformat(about["to"])).isoformat()
    return variables


def last_instant(day: date) -> datetime:
    return clock.end_of_day(day) - datetime.resolution


def body(
    documents: Documents, variables: Callable[[Mapping[str, str]], Json], name: str, draw: Draw
) -> bytes:
    """The JSON to post for a draw of the workload so named."""
    asked = {
        "query": documents[name],
        "operationName": OPERATIONS[name],
        "variables": variables(draw.about),
    }
    return orjson.dumps(asked)


def plain(name: str, answer: Json) -> object:
    """What was answered, without the differences of form: ids as keys, moments in UTC, no cursors.

    ValueError when it is not an answer without errors.
    """
    data = answer.get("data")
    if "errors" in answer or not isinstance(data, dict):
        raise ValueError(f"{name}: {answer}")
    return _plain(SHAPES[name](data), "")


SHAPES: dict[str, Callable[[dict[str, dict]], object]] = {  # type: ignore[type-arg]  # as deep as the documents
    "W1": lambda data: data["summons"],
    "W2": lambda data: data["summonses"],
    "W3": lambda data: data["area"],
    "W4": lambda data: [
        village | village.pop("statistics", {}) for village in data.get("area", data)["villages"]
    ],
    "W5": lambda data: data["acceptTask"].get("task", data["acceptTask"]),
}


def _plain(value: object, name: str) -> object:
    match value:
        case dict():
            return {key: _plain(one, key) for key, one in value.items() if key not in ("cursor", "endCursor")}
        case list():
            return [_plain(one, name) for one in value]
        case str() if name == "id":
            return _key(value)
        case str() if name in ("issuedAt", "dueAt"):
            return datetime.fromisoformat(value).astimezone(UTC)
        case float():
            return round(value, 9)
    return value


def _key(id: str) -> str:
    """Of a global id; other ids are keys."""
    if id[0] in "STUM" and id[1:].isdigit():
        return id
    return urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode().partition(":")[2]
