"""The compiled engine answers as the reference executor does, byte for byte, whatever is asked and by whomever.

BAODAO_PROVE_ENGINE=20000 compares that many random documents, BAODAO_PROVE_SEED others.
"""

import asyncio
import contextvars
import inspect
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from random import Random
from typing import Any

import graphql
import orjson
import pytest
from asking import statements
from hypothesis import HealthCheck, given, seed, strategies
from hypothesis import settings as how
from random_documents import Document, Writer
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Reference
from valid_requests import matters
from world import MONDAY, World, build

from actions.remembered import forget_everything
from baodao.database import database
from models import Event, Summons, Task, clock
from policies.actor import SYSTEM
from policies.rules import packaged, put_in_force
from resolvers import plan
from resolvers.context import Context
from resolvers.ids import global_id, type_name
from schema import engine, schema
from schema.errors import shown

DOCUMENTS = int(os.environ.get("BAODAO_PROVE_ENGINE", 150))
SEED = int(os.environ.get("BAODAO_PROVE_SEED", 2026))
LOGINS = [
    "shunde.org",
    "shunde.policy",
    "tianhu.secretary",
    "zr.member",
    "zr.head",
    "junan.observer",
    "tianhu.resident",
]


def moved_back(error: Any, start: int, by: int) -> dict[str, Any]:
    """As if nothing had been put into the one line of the document."""
    places = [
        place | {"column": place["column"] - by if place["column"] > start else place["column"]}
        for place in error["locations"]
    ]
    return {**error, "locations": places}


Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Exam:
    """A small world full of matters, and both engines above it."""

    def __init__(self, world: World, values: dict[str, list[Any]]) -> None:
        self.world, self.values = world, values
        self.seen: Counter[str] = Counter()

    async def compare(self, login: str, document: Document) -> None:
        before = engine.COUNTS.copy()
        expected = await self.answer(Reference, login, document)
        answer = await self.answer(engine.Compiled, login, document)
        counts = engine.COUNTS - before
        if answer != expected:
            await self.raced(login, document, orjson.loads(expected), orjson.loads(answer))
        self.count(orjson.loads(expected), counts)

    async def raced(self, login: str, document: Document, *answers: dict[str, Any]) -> None:
        """When several faults take away one object, the fastest is told. Each engine has to tell of a true one."""
        self.seen["raced"] += 1
        faults = await self.faults(login, document)
        assert answers[0]["data"] == answers[1]["data"], f"{login}: {document}"
        for answer in answers:
            assert [error for error in answer["errors"] if error not in faults] == [], f"{login}: {document}"

    async def faults(self, login: str, document: Document) -> list[dict[str, Any]]:
        """Everything that is wrong, which the reference executor tells when a fault takes away nothing above it."""
        text = document.text.replace(") {", ") @experimental_disableErrorPropagation {", 1)
        context = Context(await self.world.actor(login))
        working = graphql.execute(
            schema._schema,
            graphql.parse(text),
            context_value=context,
            variable_values=document.variables,
            executor_class=Reference,
        )
        result = await working if inspect.isawaitable(working) else working
        found = [shown(error, context) for error in result.errors or ()]
        for error in found:
            (error.extensions or {}).pop("id", None)
        positions = document.text.index(") {"), len(text) - len(document.text)
        return [orjson.loads(orjson.dumps(moved_back(error.formatted, *positions))) for error in found]

    async def answer(self, executor: type[Reference], login: str, document: Document) -> bytes:
        schema.execution_context_class = executor
        context = Context(await self.world.actor(login))
        result = await schema.execute(document.text, document.variables, context)
        for error in result.errors or ():
            (error.extensions or {}).pop("id", None)  # a bug's number is never the same
        errors = result.errors and [error.formatted for error in result.errors]
        return orjson.dumps({"data": result.data, "errors": errors})

    def count(self, answer: dict[str, Any], counts: Counter[str]) -> None:
        self.seen["documents"] += 1
        self.seen["with errors"] += bool(answer["errors"])
        self.seen["with something found"] += any((answer["data"] or {}).values())
        self.seen["fell back"] += counts["left"] + counts["odd"] > 0


@pytest.fixture
def exam(sqlite_url: str) -> Iterator[tuple[Exam, Run]]:
    """Together with the loop it lives in, as hypothesis calls from outside of it."""
    stack, here, usual = AsyncExitStack(), contextvars.copy_context(), schema.execution_context_class
    forget_everything()
    put_in_force(packaged())
    with asyncio.Runner() as runner:

        def run(work: Coroutine[Any, Any, Any]) -> Any:
            return runner.run(work, context=here)

        run(stack.enter_async_context(database(sqlite_url)))
        here.run(stack.enter_context, clock.at(MONDAY))
        yield run(furnished()), run
        run(stack.aclose())
    schema.execution_context_class = usual


async def furnished() -> Exam:
    world = await build()
    await matters(world)
    return Exam(world, await known_values(world))


async def known_values(world: World) -> dict[str, list[Any]]:
    """Arguments: most of them hit something."""
    rows = [*world.units.values(), *world.members.values(), *world.grants.values(), *world.areas.values()]
    stored = [*await Summons.all().limit(20), *await Task.all().limit(20), *await Event.all().limit(5)]
    of_type: dict[str, list[Any]] = defaultdict(list)
    for row in (*rows, *stored):
        of_type[type_name(row)].append(global_id(row))
    return of_type | {
        "ID": [*(global_id(row) for row in (*rows, *stored, *stored)), "nonsense"],
        "AreaCode": [*world.areas, *world.areas, "99"],
        "Boolean": [True, False],
        "Cursor": [*await cursors(), "nonsense"],
        "Date": ["2026-01-01", "2026-03-01", "2026-12-31"],
        "DateTime": ["2026-01-01T00:00:00Z", "2026-03-04T09:30:00+08:00"],
        "Int": [1, 2, 3, 5, 7, 10, 20, 50, 100, 0, 1000],
        "String": ["公园", "read", "accept", "summons", "village_secretary", "%", ""],
    }


async def cursors() -> list[str]:
    document = (
        "{ areas { ...C } events { edges { cursor } } } fragment C on AreaConnection { edges { cursor } }"
    )
    context = Context(SYSTEM)
    result = await schema.execute(document, context_value=context)
    assert result.data is not None
    return [edge["cursor"] for page in result.data.values() for edge in page["edges"][:3]]


def test_random_documents_are_answered_alike(
    exam: tuple[Exam, Run], caplog: pytest.LogCaptureFixture
) -> None:
    (exam_, run), graph = exam, schema._schema
    caplog.set_level(logging.CRITICAL)

    @seed(SEED)
    @how(max_examples=DOCUMENTS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategies.randoms(use_true_random=True), strategies.sampled_from(LOGINS))
    def compare(random: Random, login: str) -> None:
        run(exam_.compare(login, Writer(graph, random, exam_.values).document()))

    compare()
    seen, all_of_them = exam_.seen, exam_.seen["documents"]
    told = ", ".join(f"{number:,} {what}" for what, number in seen.items())
    print(f"seed {SEED}: {told}; 0 differ, {1 - seen['fell back'] / all_of_them:.1%} ran compiled alone")
    assert seen["fell back"] <= all_of_them / 10
    assert seen["raced"] <= 2 + all_of_them / 1000
    assert seen["with errors"] >= all_of_them / 10 <= seen["with something found"]


def test_it_sends_no_more_statements_than_the_reference_executor(exam: tuple[Exam, Run]) -> None:
    """Unless a fault takes something away: how far its neighbours have come by then is a matter of time."""
    exam_, run = exam
    compared = 0
    for number in range(110):
        random = Random(f"{SEED}/{number}")
        login, document = random.choice(LOGINS), Writer(schema._schema, random, exam_.values).document()
        sent, answer = [], b""
        for executor in (Reference, engine.Compiled):
            with statements() as noted:
                answer = run(exam_.answer(executor, login, document))
            sent.append(len(noted))
        if orjson.loads(answer)["errors"] is None:
            assert sent[1] <= sent[0], document.text
            compared += 1
    assert compared > 40


def test_the_setting_decides_which_engine_answers_and_who_reads(
    exam: tuple[Exam, Run], compiled: None
) -> None:
    exam_, run = exam
    for name, answered in (("reference", 0), ("compiled", 1)):
        before = engine.COUNTS.copy()
        schema.use(name)
        context = Context(run(exam_.world.actor("zr.head")))
        assert run(schema.execute("{ viewer { __typename } }", context_value=context)).errors is None
        assert (engine.COUNTS - before)["compiled"] == answered
        assert plan.in_use() == bool(answered)
