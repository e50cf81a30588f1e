"""Whatever resolvers do, the compiled engine tells it as the reference executor does: a small graph of odd things."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import orjson
import pytest
import strawberry
from graphql import Undefined
from strawberry.extensions import FieldExtension, ParserCache, SchemaExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Reference
from strawberry.types.scalar import ScalarDefinition

from schema import engine
from schema.engine import COUNTS, Compiled

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")


class Odd(str):
    """A scalar whose answers are upper case; refuses an empty text, and answers null for "-"."""


ODD: ScalarDefinition = strawberry.scalar(
    name="Odd", serialize=lambda value: None if value == "-" else value.upper() if value else 1 / 0
)


@strawberry.enum
class Colour(Enum):
    RED = "r"
    BLUE = "b"


class Faulty(BasePermission):
    message = "not for you"

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        return bool(info.context["may"])


class Loud(FieldExtension):
    def resolve(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        return f"{next_(source, info, **kwargs)}!"


class Upper(SchemaExtension):
    def resolve(self, _next: Callable[..., Any], root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
        found = _next(root, info, *args, **kwargs)
        return found.upper() if isinstance(found, str) else found


@dataclass
class Thing:
    """What all fields are read from; `value` is what the case is about."""

    value: Any = None
    name: str = "thing"


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    if asyncio.iscoroutine(value):
        return await value
    if isinstance(value, Exception):
        raise value
    return value


@strawberry.input
class Wish:
    colour: Colour = Colour.BLUE
    words: list[str] = strawberry.field(default_factory=lambda: ["please"])


@strawberry.interface
class Named:
    name: str

    @classmethod
    def resolve_type(cls, value: Any, info: Any, abstract: Any) -> Any:
        return value.value

    @classmethod
    def is_type_of(cls, value: Any, info: Any) -> bool:
        return value.value == cls.__name__


@strawberry.type
class Cat(Named):
    lives: int = strawberry.field(resolver=lambda root: 9)


@strawberry.type
class Dog(Named):
    @strawberry.field
    async def barks(self, root: strawberry.Parent[Any]) -> int:
        return int(await later(3))


@strawberry.type
class Inner:
    name: str
    value: str
    maybe: str | None = strawberry.field(resolver=lambda root: root.value)


def _plain(root: Any) -> Any:
    return root.value


async def _awaited(root: Any) -> Any:
    return await later(root.value)


def _many(root: Any) -> Any:
    return [later(one) for one in root.value]


async def _path(root: Any, info: strawberry.Info) -> str:
    return (
        f"{info.path.as_list()} {info.field_name} {info.return_type}"
        if hasattr(info.path, "as_list")
        else "-"
    )


async def _told(root: Any, times: int = 2, wish: Wish | None = None, code: str | None = "x") -> str:
    return f"{times} {wish and wish.colour} {wish and wish.words} {code}"


@strawberry.type
class Case:
    name: str
    text: str = strawberry.field(resolver=_plain)
    text_or_null: str | None = strawberry.field(resolver=_plain)
    number: int | None = strawberry.field(resolver=_plain)
    number_later: int = strawberry.field(resolver=_awaited)
    share: float | None = strawberry.field(resolver=_plain)
    yes: bool | None = strawberry.field(resolver=_plain)
    colour: Colour | None = strawberry.field(resolver=_plain)
    odd: "Odd | None" = strawberry.field(resolver=_plain)
    texts: list[str] | None = strawberry.field(resolver=_plain)
    texts_or_null: list[str | None] | None = strawberry.field(resolver=_plain)
    texts_later: list[str | None] | None = strawberry.field(resolver=_many)
    strict_later: list[str] | None = strawberry.field(resolver=_many)
    inner: Inner | None = strawberry.field(resolver=_plain)
    strict: Inner = strawberry.field(resolver=_awaited)
    inners: list[Inner] | None = strawberry.field(resolver=_plain)
    nested: list[list[int]] | None = strawberry.field(resolver=_plain)
    cases: "list[Case] | None" = strawberry.field(resolver=_plain)
    cases_or_null: "list[Case | None] | None" = strawberry.field(resolver=_awaited)
    named: Named | None = strawberry.field(resolver=_plain)
    either: Annotated["Cat | Dog", strawberry.union("Either")] | None = strawberry.field(resolver=_plain)
    cat: Cat | None = strawberry.field(resolver=_plain)
    secret: str | None = strawberry.field(resolver=_plain, permission_classes=[Faulty])
    loud: str | None = strawberry.field(resolver=_plain, extensions=[Loud()])
    path: str = strawberry.field(resolver=_path)
    told: str = strawberry.field(resolver=_told)


@strawberry.type
class Query:
    @strawberry.field
    def case(self, info: strawberry.Info) -> Case | None:
        return info.context["thing"]

    @strawberry.field
    async def cases(self, info: strawberry.Info) -> list[Case] | None:
        return await later([info.context["thing"], Thing("second"), info.context["thing"]])

    @strawberry.field
    def strict(self, info: strawberry.Info) -> list[Case]:
        return [info.context["thing"]]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def note(self, info: strawberry.Info, text: str) -> Case | None:
        info.context["noted"].append(text)
        return await later(Thing(" ".join(info.context["noted"])))


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def cases(self, info: strawberry.Info) -> AsyncIterator[Case | None]:
        for value in ("one", None, "three"):
            yield Thing(value)


def graph(executor: type[Reference], *extensions: type[SchemaExtension]) -> strawberry.Schema:
    return strawberry.Schema(
        Query,
        Mutation,
        Subscription,
        types=[Cat, Dog],
        extensions=[ParserCache, *extensions],
        execution_context_class=executor,
        config=StrawberryConfig(scalar_map={Odd: ODD}),
    )


REFERENCE, COMPILED = graph(Reference), graph(Compiled)


def context(thing: Any) -> dict[str, Any]:
    return {"thing": thing() if callable(thing) else thing, "may": False, "noted": []}


def told(result: Any) -> bytes:
    errors = result.errors and [error.formatted for error in result.errors]
    return orjson.dumps({"data": result.data, "errors": errors})


async def alike(thing: Any, document: str, **variables: Any) -> bytes:
    """Both answers, which are the same. The document has to be valid."""
    answers = [
        told(await graph.execute(document, variables, context(thing))) for graph in (REFERENCE, COMPILED)
    ]
    assert answers[0] == answers[1]
    assert all("path" in error for error in orjson.loads(answers[0])["errors"] or ()), answers[0]
    return answers[1]


@pytest.fixture
def counted() -> Iterator[Callable[[], dict[str, int]]]:
    """What was counted since the test began."""
    before = COUNTS.copy()
    yield lambda: dict(COUNTS - before)


FAILURE = ValueError("no way")
TEXT = "text textOrNull again: text"
LEAVES = [
    *[(value, TEXT) for value in ("a", "", None, 7, True, 1.5, b"x", [], FAILURE, Undefined)],
    *[(value, "number") for value in (7, -(2**31), 2**31, 2**31 - 1, True, "7", "x", 7.0, 7.5, None)],
    *[(value, "numberLater name") for value in (7, 2**31, None, FAILURE, "x")],
    *[(value, "share") for value in (1.5, 2, float("nan"), float("inf"), "x", None)],
    *[(value, "yes") for value in (True, 0, 2.0, "x", None)],
    *[(value, "colour") for value in (Colour.RED, "r", "RED", 7, None)],
    *[(value, "odd name") for value in ("a", "", "-", None, FAILURE)],
]
LISTS = [
    *[(value, "texts textsOrNull") for value in (["a"], ["a", None], ("a", "b"), [], "ab", 7, {"a"})],
    *[(value, "texts textsOrNull") for value in ([FAILURE], [Undefined, "a"], [7, [8]], FAILURE)],
    *[(value, "textsLater") for value in (["a", "b"], ["a", None], [FAILURE, "a", FAILURE], [], [b"x"])],
    *[(value, "strictLater name") for value in (["a"], ["a", None], [None, FAILURE], [FAILURE, FAILURE])],
    *[(value, "nested") for value in ([[1], [2, 3]], [[1], None], [[1, None]], [[1, "x"]], [])],
]
ONE, NO = Thing("a"), Thing(None)
OBJECTS = [
    *[(value, "inner { name value maybe }") for value in (ONE, NO, None, FAILURE, {"name": "x"}, 7)],
    *[(value, "inner { __typename }") for value in (ONE, None, FAILURE, Undefined, [ONE])],
    *[(value, "name strict { value maybe } text") for value in (ONE, NO, None, FAILURE)],
    *[(value, "inners { name value }") for value in ([ONE, ONE], [ONE, NO], [ONE, None], [], ONE, FAILURE)],
    *[(value, "cases { numberLater name }") for value in ([Thing(1), Thing(2)], [Thing(1), NO], [NO, NO])],
    *[(value, "cases { numberLater text }") for value in ([None], [FAILURE, Thing(1)], [Undefined], 7)],
    *[
        (value, "casesOrNull { numberLater a: numberLater inner { name } }")
        for value in ([Thing(1), NO, None, Thing(FAILURE)], [], None, [FAILURE], (Thing(1),), {1: 2})
    ],
    (
        [Thing([Thing(1), NO]), Thing([Thing("x")])],
        "cases { name casesOrNull { numberLater strict { name } } }",
    ),
    ([Thing([Thing(1)]), Thing([NO])], "cases { cases { strict { name } numberLater } }"),
]
NAMED = "named { __typename name ... on Cat { lives } ... on Dog { barks } }"
KINDS = [
    *[(Thing(value), NAMED) for value in ("Cat", "Dog", "Case", "Cow", "Colour", None, 7, FAILURE)],
    *[(value, NAMED) for value in (None, FAILURE, 7)],
    *[(value, "either { ... on Cat { lives } ... on Dog { barks } }") for value in (Thing("Cat"), None, 7)],
    *[(Thing(value), "cat { name lives } name") for value in ("Cat", "Dog", FAILURE)],
    (Thing("Cat"), "named { ...A ...A } either { __typename }"),
]
WRAPPED = [
    *[(value, "secret loud name") for value in ("a", None, FAILURE)],
    ("a", "path told b: told(times: 3) c: told(times: $n, code: null)"),
    ("a", "told(wish: {colour: RED}) d: told(wish: {words: $words}, times: $n) e: told(wish: $wish)"),
    ("a", "name @skip(if: $yes) text @include(if: $yes) ... @skip(if: $yes) { number: path }"),
]
HEAD = 'query($n: Int! = 5, $words: [String!]! = ["w"], $wish: Wish, $yes: Boolean! = true)'
USED = "used: told(times: $n, wish: $wish) u: told(wish: {words: $words}) @include(if: $yes)"
FRAGMENT = "fragment A on Named { name ... on Cat { lives again: lives } }"


CASES = [*LEAVES, *LISTS, *OBJECTS, *KINDS, *WRAPPED]


@pytest.mark.parametrize(
    ("value", "asked"), CASES, ids=[f"{n} {asked}" for n, (_, asked) in enumerate(CASES)]
)
async def test_it_is_answered_as_the_reference_executor_does(value: Any, asked: str) -> None:
    below, fragments = f"{{ {asked} {USED} }}", FRAGMENT if "...A" in asked else ""
    for roots in (f"case {below} cases {below}", f"strict {below}"):
        await alike(Thing(value), f"{HEAD} {{ {roots} }} {fragments}")


@pytest.mark.parametrize("switch", [True, False])
async def test_directives_follow_their_variables(switch: bool) -> None:
    document = (
        "query($s: Boolean!) { case { name @skip(if: $s) text @include(if: $s) ... @skip(if: $s) { path } } }"
    )
    answer = orjson.loads(await alike(Thing("a"), document, s=switch))["data"]["case"]
    assert list(answer) == (["text"] if switch else ["name", "path"])


async def test_a_null_for_a_switch_is_an_error() -> None:
    document = "query($s: Boolean = true) { case { name inner { name @skip(if: $s) } } }"
    assert b'errors":[' in await alike(Thing(ONE), document, s=None)


async def test_awaitable_attributes_are_awaited() -> None:
    for asked in ("text", "inner { name }", "texts", "cases { name path }", "odd name"):
        await alike(lambda: Thing(later("a")), f"{{ case {{ {asked} }} }}")


async def test_what_can_be_read_once_is_read_once() -> None:
    for asked in ("texts", "cases { name numberLater }", "inners { name }", "casesOrNull { name }"):
        await alike(lambda: Thing(one for one in [Thing(1)]), f"{{ case {{ {asked} }} }}")


async def test_permissions_and_extensions_of_fields_are_heeded() -> None:
    answer = orjson.loads(await alike(Thing("a"), "{ case { name secret loud } }"))
    assert answer["data"]["case"] == {"name": "thing", "secret": None, "loud": "a!"}
    assert [error["message"] for error in answer["errors"]] == ["not for you"]


async def test_an_extension_around_all_resolvers_leaves_everything_to_the_reference_executor(counted) -> None:
    result = await graph(Compiled, Upper).execute("{ case { text path } }", context_value=context(Thing("a")))
    assert result.data["case"]["text"] == "A"
    assert counted() == {"left": 1}


async def test_introspection_is_left_to_the_reference_executor(counted) -> None:
    await alike(None, '{ __schema { queryType { name } } __type(name: "Cat") { name fields { name } } }')
    assert counted() == {}


async def test_what_was_compiled_and_what_fell_back_is_counted(counted) -> None:
    await alike(Thing("a"), "{ case { text } }")
    assert counted() == {"compiled": 1}
    await alike(Thing(7), "{ case { text inner { value } } }")
    assert counted() == {"compiled": 2, "odd": 1}


async def test_an_operation_that_is_too_large_is_left(counted) -> None:
    many = " ".join(f"a{i}: inner {{ name }}" for i in range(engine.MOST_SELECTIONS + 1))
    await alike(Thing(ONE), f"{{ case {{ {many} }} }}")
    assert counted() == {"left": 1}


async def test_mutations_run_one_after_the_other(counted) -> None:
    answer = await alike(None, 'mutation { a: note(text: "x") { text path } b: note(text: "y") { text } }')
    assert orjson.loads(answer)["data"]["b"] == {"text": "x y"}
    assert counted() == {"compiled": 2}


async def test_events_are_compiled_too(counted) -> None:
    heard = []
    for one in (REFERENCE, COMPILED):
        stream = await one.subscribe("subscription { cases { text path } }", context_value=context(None))
        heard.append([told(event) async for event in stream])
    assert heard[0] == heard[1]
    assert len(heard[0]) == 3
    assert counted()["compiled"] == 3


async def test_plans_are_bounded_and_the_latest_used_are_kept() -> None:
    kept = "{ case { text } }"
    for number in range(engine.MOST_PLANS + 20):
        for document in (f"{{ case {{ a{number}: text }} }}", kept):
            await COMPILED.execute(document, context_value=context(Thing("a")))
        assert len(engine.PLANS) <= engine.MOST_PLANS
    texts = [graphql_text(plan) for plan in engine.PLANS.values()]
    assert texts.count(kept) == 1


def graphql_text(plan: engine.Plan) -> str:
    location = plan.made_for[1].loc
    assert location is not None
    return location.source.body


async def test_nothing_of_a_request_is_kept() -> None:
    """Neither by what was compiled for it, nor by what is compiled later, as objects of a type turn up."""
    thing = Thing(Thing("Cat"))
    gone = weakref.ref(thing)
    document = "query($n: Int! = 2) { case { told(times: $n) name strict { name } named { name } } }"
    await COMPILED.execute(document, {"n": 3}, context(thing))
    del thing
    gc.collect()
    assert gone() is None


async def test_requests_at_the_same_time_do_not_mix() -> None:
    document = "query($n: Int!) { case { told(times: $n) strict { value } } }"
    things = [Thing(Thing(str(number))) for number in range(50)]
    asked = [COMPILED.execute(document, {"n": number}, context(thing)) for number, thing in enumerate(things)]
    cases = [result.data["case"] for result in await asyncio.gather(*asked)]
    assert [case["told"].split()[0] for case in cases] == [str(number) for number in range(50)]
    assert [case["strict"]["value"] for case in cases] == [str(number) for number in range(50)]


async def test_a_request_can_be_cancelled() -> None:
    given_up = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.append(True)

    thing = Thing([forever(), forever()])
    task = asyncio.create_task(COMPILED.execute("{ case { textsLater name } }", context_value=context(thing)))
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert given_up == [True, True]
