"""Whatever is wrong in an input is told by its place, is never an unexpected error, and leaves nothing behind."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from api import Answer, published, why_not
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type
from valid_pleas import VALID, Valid, pleas
from valid_pleas import ready as plea_ready
from valid_requests import REQUESTS, Request, matters
from world import World, everything

from resolvers.ids import encoded

pytest_plugins = ["monday"]

GRAPH = published()
VILLAGE = encoded("Village", "440606106004")
TEXTS = {"长" * 100_000: "TOO_LONG", "天\x00湖": "NUL_CHARACTER", "天\ud800湖": "BROKEN_CHARACTER"}
WORDS_WITH_A_CODE = {
    "code": "DIMENSION_CODE",
    "dimension": "SCORE_UNKNOWN",
    "role": "ROLE_UNKNOWN",
    "timeOfDay": "TIME_MALFORMED",
    "villageCode": "VILLAGE_CODE_WRONG",
}
"""Texts that must be one of few; whatever else they are has one code."""
MAY_BE = {"draftPolicy.text TOO_LONG"}
"""Texts that may be as long as that."""
UNKNOWN = {
    "leadUnit": "InvalidInput LEAD_NOT_AMONG_UNITS",
    "responsible": "InvalidInput MEMBER_NOT_OF_UNIT",
    "assignTask.member": "InvalidInput MEMBER_NOT_OF_UNIT",
    "confirmArrival.member": "InvalidInput MEMBER_NOT_OF_UNIT",
    "releaseUnit.unit": "InvalidInput UNIT_HAS_NO_TASK",
}
"""How an id that belongs to nothing is told, where it is not as NotFound."""


@dataclass(frozen=True)
class Part:
    """A part of an input: the way to it, the name of its scalar, and whether it must be given."""

    path: tuple[str, ...]
    scalar: str
    needed: bool

    @property
    def name(self) -> str:
        return self.path[-2] if self.path[-1] == "0" else self.path[-1]


def parts_of(kind: GraphQLInputObjectType, above: tuple[str, ...] = ()) -> Iterator[Part]:
    for name, field in kind.fields.items():
        within, needed = get_named_type(field.type), isinstance(field.type, GraphQLNonNull)
        is_list = isinstance(field.type.of_type if needed else field.type, GraphQLList)
        path = (*above, name, "0") if is_list else (*above, name)
        if isinstance(within, GraphQLInputObjectType):
            yield from parts_of(within, path)
        else:
            yield Part(path, within.name, needed)


def spoilt(mutation: str, parts: list[Part], given: Answer) -> Iterator[tuple[Answer, set[str]]]:
    """The input with bad texts or ids in it, and the problems that follow."""
    for bad, wrong, problem in spoils(mutation, parts, given):
        yield put(given, dict.fromkeys(wrong, bad)), {told(problem, part) for part in wrong}


def spoils(mutation: str, parts: list[Part], given: Answer) -> Iterator[tuple[str, list[Part], str]]:
    """A bad value, the parts to put it in (as many as are told at once), and the problem."""
    texts = [part for part in parts if part.scalar == "String" and part.name != "idempotencyKey"]
    ids = [part for part in parts if part.scalar == "ID"]
    for bad, code in TEXTS.items() if texts else ():
        wrong = [part for part in texts if f"{mutation}.{part.name} {code}" not in MAY_BE]
        yield bad, wrong, f"InvalidInput {code}"
    if needed := [part for part in texts if part.needed]:
        yield " \n", needed, "InvalidInput EMPTY"
    yield "\ud800", [part for part in parts if part.name == "idempotencyKey"], "InvalidInput KEY_MALFORMED"
    if ids:
        yield "天湖", ids, "InvalidInput MALFORMED_ID"
        yield VILLAGE, ids, "InvalidInput WRONG_ID_TYPE"
    for part in ids:
        problem = UNKNOWN.get(f"{mutation}.{part.name}") or UNKNOWN.get(part.name, "NotFound NOT_FOUND")
        yield encoded(_type_of(at(given, part.path)), "0"), [part], problem
    for part in parts:
        if part.scalar == "AreaCode":
            yield "999999999999", [part], "NotFound NOT_FOUND"


def told(problem: str, part: Part) -> str:
    code = WORDS_WITH_A_CODE.get(part.name)
    return f"{f'InvalidInput {code}' if code else problem} {'/'.join(part.path)}"


def _type_of(id: str) -> str:
    return urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode().partition(":")[0]


def at(given: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        given = given[int(step)] if isinstance(given, list) else given[step]
    return given


def put(given: Answer, values: dict[Part, str]) -> Answer:
    copy = deepcopy(given)
    for part, value in values.items():
        *way, last = part.path
        holder = at(copy, tuple(way))
        holder[int(last) if isinstance(holder, list) else last] = value
    return copy


async def ready(request: Request | Valid, known: dict[str, Any], world: World) -> Answer:
    """The whole input of a valid request, with ids."""
    if isinstance(request, Valid):
        return await plea_ready(request, known, world)
    given = dict(request.given)
    if request.matter and request.of:
        given["task"] = await known[request.matter].task_id(request.of)
    elif request.matter:
        given["summons"] = known[request.matter].id
    for name, value in given.items():
        if value == ["@zr"]:
            given[name] = [await known[request.matter].task_id("zr")]
        elif isinstance(value, str) and value.startswith("@"):
            given[name] = known[value[1:]].id
    return world.ids(given)


def input_of(mutation: str) -> GraphQLInputObjectType:
    kind = GRAPH.type_map[f"{mutation[0].upper()}{mutation[1:]}Input"]
    assert isinstance(kind, GraphQLInputObjectType)
    return kind


async def test_every_wrong_text_and_id_of_every_mutation_is_told_by_its_place(world: World) -> None:
    known = {**await matters(world), **await pleas(world)}
    before = await everything()
    missing = []
    for request in [*REQUESTS, *VALID]:
        given = await ready(request, known, world)
        parts = [part for part in parts_of(input_of(request.mutation)) if can_be_put(given, part)]
        for bad, problems in spoilt(request.mutation, parts, given):
            answer = await why_not(request.login, request.mutation, bad)
            if not problems <= set(answer):
                missing.append((request.mutation, problems - set(answer), answer))
    assert missing == []
    assert await everything() == before


def can_be_put(given: Answer, part: Part) -> bool:
    """Texts may be added to what is given; ids and all that lies deeper stand there already."""
    if part.scalar == "String" and len(part.path) == 1:
        return True
    try:
        at(given, part.path)
    except KeyError:
        return False
    return True


def test_every_mutation_has_a_valid_request() -> None:
    mutations = GRAPH.mutation_type.fields if GRAPH.mutation_type else {}
    assert {request.mutation for request in [*REQUESTS, *VALID]} == set(mutations)
