"""Kept answers are what would be answered anew, to just those who may see it; and ETags tell nothing else."""

import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import httpx
import orjson
import pytest
from asking import Town, open_town, statements
from graphql import GraphQLSchema, OperationType, build_schema, parse
from random_documents import Writer
from test_endpoint import answer, asked, client, own_settings  # noqa: F401
from test_engine import LOGINS, known_values
from tortoise.transactions import in_transaction
from valid_requests import matters

from actions import tick
from baodao import answers
from baodao.answers import MEMORY, Answer, Memory
from baodao.asgi import application, lifespan
from baodao.audience import PLAIN, audience_of
from baodao.graphql import Graph
from baodao.known import Documents, Question
from baodao.settings import settings
from models import (
    Area,
    CoIssuer,
    Event,
    Grant,
    Member,
    PolicyState,
    PolicyVersion,
    Summons,
    Task,
    Unit,
    clock,
)
from models.generations import Generations
from models.ids import new_id
from models.kept import HEARD, KEPT
from policies.alike import mark
from policies.loading import load_actor
from policies.rules import packaged, put_in_force
from resolvers.context import Context
from resolvers.tail import log_head
from schema import schema

ROOM = 1 << 23
TREE = "query($code: AreaCode!) { area(code: $code) { name ... on District { towns { name villages { name } } } } }"
DISTRICT = {"code": "440606"}
UNITS = "{ units { edges { node { name commandArea { name } } } totalCount } }"
LIST = (
    'query($filter: SummonsFilter) { summonses(area: "440606106", filter: $filter, first: 50) { totalCount '
    "edges { cursor node { id title state issuer { name } tasks { state unit { name } } } } } }"
)
COUNTS = '{ area(code: "440606106") { name summonsCounts { state count } } }'
TASKS = "{ tasks { edges { node { state dueAt summons { title } } } } }"
WHO = "{ tasks { edges { node { state responsible { name } } } } }"
ALL = [asked(TREE, variables=DISTRICT), *map(asked, (UNITS, LIST, COUNTS, TASKS))]


@pytest.fixture
def room() -> Iterator[None]:
    MEMORY.most_bytes = ROOM
    yield
    MEMORY.most_bytes = 0
    MEMORY.forget()


@pytest.fixture
async def town(own_settings: None, db: str, room: None) -> AsyncIterator[Town]:  # noqa: F811
    async with open_town() as town:
        yield town


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were not answered from the memory."""
    texts: list[str] = []
    execute = Documents.execute

    async def noted(self: Documents, question: Question, *more: Any) -> Any:
        texts.append(question.known.text)
        return await execute(self, question, *more)

    monkeypatch.setattr(Documents, "execute", noted)
    return texts


async def body(client: httpx.AsyncClient, request: dict[str, Any]) -> bytes:
    response = await client.request(**({"method": "POST", "url": "/"} | request))
    assert response.status_code == 200
    return response.content


def got(query: str, variables: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
    told = {} if variables is None else {"variables": orjson.dumps(variables).decode()}
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"method": "GET", "url": "/", "params": {"query": query, **told}, "headers": more}


async def tag_of(client: httpx.AsyncClient, query: str, variables: dict[str, Any] | None = None) -> str:
    await client.request(**got(query, variables))
    return str((await client.request(**got(query, variables))).headers["etag"])


@pytest.mark.parametrize(("request_", "number"), [(ALL[0], 1), (ALL[1], 1), (ALL[2], 2), (ALL[3], 2)])
async def test_what_is_kept_costs_only_to_sign_in_and_to_find_the_end_of_the_log(
    town: Town, request_: dict[str, Any], number: int
) -> None:
    await town.issue("zr")
    async with client(Graph(None), "junan.observer") as asking:
        for _ in range(2):
            await body(asking, request_)
        with statements() as sent:
            await body(asking, request_)
        assert len(sent) == number, sent


async def test_what_is_kept_is_what_would_be_answered_anew(town: Town, made: list[str]) -> None:
    await town.issue("zr", "zf")
    for login in (*LOGINS, "shunde.org", "junan.observer"):
        async with client(Graph(None), login) as keeping, client(Graph(None), login) as another:
            for request in ALL * 3:
                for headers in ({}, {"headers": {"accept-language": "zh"}}):
                    kept = await answer(keeping, request | headers)
                    MEMORY.most_bytes = 0
                    assert await answer(another, request | headers) == kept, (login, request)
                    MEMORY.most_bytes = ROOM
    assert len(MEMORY) > 10


def plain_graph() -> GraphQLSchema:
    """Of the graph, what is plain in queries, and all that may be given to it."""
    graph = build_schema(schema.as_str())
    for type, plain in PLAIN[OperationType.QUERY].items():
        fields = graph.type_map[type].fields  # type: ignore[attr-defined]
        for name in fields.keys() - plain:
            del fields[name]
    return graph


async def test_random_documents_are_answered_from_the_memory_as_anew(
    town: Town, made: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    await matters(town.world)
    values, graph, documents = await known_values(town.world), plain_graph(), Documents(schema)
    random, plain, hits = Random(2026), 0, 0
    for number in range(int(os.environ.get("BAODAO_PROVE_ANSWERS", 30))):
        document = Writer(graph, random, values).document()
        documents.learn(document.text)
        if (known := documents.find(document.text)) is None:
            continue
        plain += known.audience is not None
        question = Question(known, document.variables)
        for login in (*LOGINS, "shunde.org", "junan.observer"):
            before = len(made)
            kept = await answers.answer(documents, question, await context(town, login))
            hits += len(made) == before
            fresh = await documents.execute(question, await context(town, login))
            if not fresh.errors:
                assert kept.body == orjson.dumps({"data": fresh.data}), (login, document)
            assert (kept.key is None) >= bool(fresh.errors)
        await DIRECTLY[list(DIRECTLY)[number % len(DIRECTLY)]](town, f"{number}")
    assert plain >= number / 3
    assert hits >= plain


async def context(town: Town, login: str) -> Context:
    return Context(await load_actor(town.world.members[login], clock.now()))


async def logged(change: Callable[[], Any]) -> None:
    """As another process writes: with an event, in one transaction."""
    async with in_transaction():
        await change()
        area = await Area.get(code="440606106004")
        await Event.create(
            type="summons.updated",
            aggregate="Summons",
            aggregate_id=new_id(),
            version=1,
            area=area,
            path=area.path,
            at=clock.now(),
        )


DIRECTLY: dict[str, Callable[[Town, str], Any]] = {
    "area": lambda town, word: Area.filter(code="440606106").update(name=f"镇{word}"),
    "unit": lambda town, word: Unit.filter(id=town.world.units["zr"].id).update(name=f"所{word}"),
    "member": lambda town, word: Member.filter(login="zr.head").update(name=f"人{word}"),
    "grant": lambda town, word: Grant.filter(member__login="zr.head").update(reason=word),
    "summons": lambda town, word: logged(lambda: Summons.all().update(title=f"事{word}")),
    "task": lambda town, word: logged(lambda: Task.all().update(state="ACCEPTED", round=int(word) + 1)),
}


SHOWN = (
    '{ area(code: "440606106") { name } units { edges { node { name } } } '
    "summonses { edges { node { title state tasks { state round } } } } }"
)


@pytest.mark.parametrize("kind", ["area", "unit", "summons", "task"])
async def test_what_another_process_changed_is_in_the_next_answer(
    town: Town, made: list[str], kind: str
) -> None:
    await town.issue("zr")
    async with client(Graph(None), "junan.observer") as asking:
        await body(asking, asked(SHOWN))
        seen = [await body(asking, asked(SHOWN))]
        for number in range(3):
            await DIRECTLY[kind](town, str(number))
            seen += [await body(asking, asked(SHOWN)) for _ in range(2)]
    assert [one == other for one, other in pairwise(seen)] == [False, True] * 3
    assert len(made) == 4


async def test_what_a_mutation_changed_is_in_the_next_answer(town: Town) -> None:
    async with client(Graph(None), "shunde.org") as asking:
        await body(asking, asked(SHOWN))
        seen = [await body(asking, asked(SHOWN))]
        for change in await changes(town):
            await change()
            seen += [await body(asking, asked(SHOWN)) for _ in range(2)]
    assert [one == other for one, other in pairwise(seen)] == [False, True] * 4


async def changes(town: Town) -> list[Callable[[], Any]]:
    unit, work = town.id(town.world.units["zr"]), {}

    async def issue() -> None:
        work["summons"], work["tasks"] = await town.issue("zr")

    return [
        lambda: town.done("shunde.org", "updateUnit", unit=unit, name="新所"),
        lambda: town.draft("zr"),
        issue,
        lambda: town.done("zr.liaison", "acceptTask", task=work["tasks"][0]),
    ]


async def test_the_same_rights_share_an_answer_and_others_never_do(town: Town, made: list[str]) -> None:
    await town.issue("zr")
    await town.draft("agri", issuer="440606104219", by="wanan.secretary")
    graph, seen, marks = Graph(None), {}, set()
    async with client(graph) as first:
        await body(first, asked(LIST))
    for login in town.world.members:
        marked, before = mark(await town.world.actor(login), audience(LIST).rights), len(made)
        async with client(graph, login) as asking:
            seen[login] = await body(asking, asked(LIST))
        assert len(made) - before == (marked.personal or marked.text not in marks), login
        marks.add(marked.text)
    assert len(marks) < len(seen)
    assert len(set(seen.values())) > 1


def audience(text: str) -> Any:
    return audience_of(schema._schema, document := parse(text), document.definitions[0].operation)  # type: ignore[attr-defined]


async def test_who_has_the_same_role_at_the_same_place_is_given_the_same_answer(
    town: Town, made: list[str]
) -> None:
    await town.world.enter("second.observer", "440606106")
    await town.world.hold("second.observer", "observer", area="440606106")
    graph = Graph(None)
    async with client(graph, "junan.observer") as one, client(graph, "second.observer") as other:
        await body(one, asked(LIST))
        first = await body(one, asked(LIST))
        assert (await body(other, asked(LIST)), len(made)) == (first, 1)
        assert await tag_of(one, LIST) == await tag_of(other, LIST)


async def test_a_revoked_right_ends_with_the_next_request(town: Town) -> None:
    await town.issue("zr")
    async with client(Graph(None), "junan.observer") as asking:
        tag = await tag_of(asking, LIST)
        same = got(LIST, if_none_match=tag)
        assert (await asking.request(**same)).status_code == 304
        await Grant.filter(member__login="junan.observer").update(revoked_at=clock.now())
        after = await asking.request(**same)
        assert (after.status_code, after.json()["data"]["summonses"]["totalCount"]) == (200, 0)
        assert after.headers["etag"] != tag


async def test_a_grant_that_runs_out_by_the_clock_ends_it_too(town: Town) -> None:
    await town.issue("zr")
    end = clock.now() + timedelta(minutes=30)
    await Grant.filter(member__login="junan.observer").update(until=end)
    async with client(Graph(None), "junan.observer") as asking:
        same = got(LIST, if_none_match=await tag_of(asking, LIST))
        assert (await asking.request(**same)).status_code == 304
        with clock.at(end):
            assert (await asking.request(**same)).json()["data"]["summonses"]["totalCount"] == 0


async def test_new_rules_end_it_too(town: Town) -> None:
    await town.issue("zr")
    text = packaged().text + "p, observer, *, summons, read, subtree, True, deny\n"
    async with client(Graph(None), "junan.observer") as asking:
        same = got(LIST, if_none_match=await tag_of(asking, LIST))
        assert (await asking.request(**same)).status_code == 304
        changed = {"text": text, "hash": sha256(text.encode()).hexdigest()}
        await PolicyVersion.filter(state=PolicyState.PUBLISHED).update(**changed)
        try:
            assert (await asking.request(**same)).json()["data"]["summonses"]["totalCount"] == 0
        finally:
            put_in_force(packaged())
            old = {"text": packaged().text, "hash": packaged().hash}
            await PolicyVersion.filter(state=PolicyState.PUBLISHED).update(**old)


async def test_languages_and_questions_have_answers_of_their_own(town: Town, made: list[str]) -> None:
    async with client(Graph(None), "junan.observer") as asking:
        tags = {await tag_of(asking, UNITS)}
        for language in ("zh", "zh-CN", "en"):
            tags.add((await asking.request(**got(UNITS, accept_language=language))).headers["etag"])
        assert (len(tags), len(made)) == (2, 2)
        for filter in ({}, {"state": ["DRAFT"]}, {"state": ["ISSUED"]}):
            await tag_of(asking, LIST, {"filter": filter})
    assert len(made) == 2 + 3


async def test_errors_are_not_kept_and_have_no_tag(town: Town, made: list[str]) -> None:
    wrong = "query($first: Int) { units(first: $first) { totalCount } }"
    async with client(Graph(None)) as asking:
        await body(asking, asked(wrong, variables={"first": 1}))
        for _ in range(2):
            for request in (
                asked(wrong, variables={"first": 0}),
                got(wrong, {"first": 0}, if_none_match="*"),
            ):
                response = await asking.request(**({"method": "POST", "url": "/"} | request))
                assert (response.status_code, "etag" in response.headers) == (200, False)
                assert "errors" in response.json()
    assert (len(made), len(MEMORY)) == (4, 0)


NOT_PLAIN = {
    "who asks": "{ viewer { member { name } } }",
    "the state of a case, for who asks": "{ summonses { edges { node { availableActions { action } } } } }",
    "the clock: a limit that passes": "{ tasks { edges { node { overdue } } } }",
    "the clock, in a list of tasks": "{ tasks(filter: {overdue: true}) { totalCount } }",
    "the clock, in a list of summonses": "{ summonses(filter: {overdue: false}) { totalCount } }",
    "the clock, by a variable": "query($late: Boolean) { tasks(filter: {overdue: $late}) { totalCount } }",
    "the clock, by a default": "query($f: TaskFilter = {overdue: true}) { tasks(filter: $f) { totalCount } }",
    "the clock, below an area": '{ area(code: "44") { summonses(filter: {overdue: true}) { totalCount } } }',
    "the clock, every five minutes": '{ area(code: "44") { ... on Village { checkInCode } } }',
    "whether a period still runs": '{ area(code: "44") { statistics(from: "2026-01-01", to: "2026-01-31") { due } } }',
    "an answer that lapses without an event": "{ tasks { edges { node { proposals { kind } } } } }",
    "a right of its own": "{ tasks { edges { node { evaluations { total } } } } }",
    "a number whose every look is told": "query($id: ID!) { member(id: $id) { phone } }",
    "the log": "{ events { totalCount } }",
    "the log of one": "{ summonses { edges { node { history { totalCount } } } } }",
    "any type": "query($id: ID!) { node(id: $id) { id } }",
    "any types": "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    "roles": '{ policyRules(role: "observer") { action } }',
    "members of a unit": "query($id: ID!) { unit(id: $id) { members { totalCount } } }",
    "the graph itself": "{ __schema { queryType { name } } }",
    "something beside what is plain": "{ units { totalCount } viewer { grants { role } } }",
    "something in a fragment": "{ ...F } fragment F on Query { units { totalCount } viewer { grants { role } } }",
    "a change": "mutation($i: AcceptTaskInput!) { acceptTask(input: $i) { problems { code } } }",
}


@pytest.mark.parametrize("what", NOT_PLAIN)
def test_what_looks_at_more_than_rows_and_rights_is_not_kept(what: str) -> None:
    assert audience(NOT_PLAIN[what]) is None


@pytest.mark.parametrize("text", [TREE, UNITS, LIST, COUNTS, TASKS, WHO, SHOWN, "{ __typename }"])
def test_what_looks_at_nothing_else_may_be_kept(text: str) -> None:
    assert audience(text) is not None


RIGHTS = {
    TREE: "area",
    UNITS: "area unit",
    COUNTS: "area summons task",
    TASKS: "area task summons",
    WHO: "area task member",
    "{ areas { edges { cursor } } }": "area",
    "{ units { totalCount } }": "area unit",
    "{ summonses { totalCount } }": "area summons task",  # narrowed by a unit whose task can be read
    "{ tasks { pageInfo { endCursor } } }": "area task",
    '{ area(code: "44") { units { totalCount } summonses { totalCount } } }': "area unit summons task",
}


@pytest.mark.parametrize("text", RIGHTS)
def test_every_right_counts_that_a_document_rests_on(text: str) -> None:
    assert {type for type, _ in audience(text).rights} == set(RIGHTS[text].split())


@pytest.mark.parametrize(
    ("filter", "plain"),
    [
        (None, True),
        ({"state": ["DRAFT"], "text": "overdue"}, True),
        ({"overdue": None}, True),
        ({"overdue": True}, False),
        ({"overdue": False, "state": None}, False),
    ],
)
def test_a_filter_in_a_variable_is_looked_at_each_time(filter: Any, plain: bool) -> None:
    assert (audience(LIST).asked({"filter": filter}) is not None) is plain


async def test_variables_nested_deeper_than_can_be_written_are_answered_as_ever(town: Town) -> None:
    nested = {
        "content": b'{"query": "%s", "variables": {"x": %s1%s}}' % (UNITS.encode(), b"[" * 400, b"]" * 400)
    }
    async with client(Graph(None)) as asking:
        await body(asking, asked(UNITS))
        first = await body(asking, asked(UNITS))
        assert await body(asking, nested | {"headers": {"content-type": "application/json"}}) == first


async def test_who_has_it_by_a_personal_right_shares_with_nobody(town: Town, made: list[str]) -> None:
    """Members are seen by themselves; so what shows members is made anew each time, but has a tag."""
    await town.issue("zr")
    graph, tags = Graph(None), set()
    for login in ("shunde.org", "junan.observer"):
        async with client(graph, login) as asking:
            for _ in range(2):
                tags.add(await tag_of(asking, WHO))
            assert (await asking.request(**got(WHO, if_none_match=tags.copy().pop()))).status_code in (
                200,
                304,
            )
    assert (len(tags), len(MEMORY), len(made)) == (2, 0, 9)


async def test_an_answer_is_never_kept_for_a_later_state_than_it_was_read_at(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something changes just before, and just after, the answer is made."""
    await town.issue("zr")
    execute, numbers = Documents.execute, iter(range(100))

    async def disturbed(self: Documents, question: Question, context: Context) -> Any:
        await DIRECTLY[kind](town, str(next(numbers)))
        result = await execute(self, question, context)
        await DIRECTLY[kind](town, str(next(numbers)))
        return result

    async with client(Graph(None), "junan.observer") as asking:
        await body(asking, asked(SHOWN))
        for kind in ("area", "unit", "summons", "task"):
            await DIRECTLY[kind](town, str(next(numbers)))
            monkeypatch.setattr(Documents, "execute", disturbed)
            torn = await body(asking, asked(SHOWN))
            monkeypatch.setattr(Documents, "execute", execute)
            assert await body(asking, asked(SHOWN)) != torn, kind


FOREIGN = ['"x"', 'W/"x"', '"x", W/"y"', "x", "", "**", '"*"', ", ,", '"' + "x" * 5000 + '"']


async def test_304_is_answered_only_to_who_names_the_present_tag(town: Town) -> None:
    async with client(Graph(None), "junan.observer") as asking:
        tag = await tag_of(asking, UNITS)
        for named in (tag, f"W/{tag}", f'"x", {tag}', f'{tag},W/"x"', "*", " * "):
            same = await asking.request(**got(UNITS, if_none_match=named))
            assert (same.status_code, same.content) == (304, b""), named
            told = {name: same.headers[name] for name in ("etag", "cache-control", "vary")}
            assert told == {
                "etag": tag,
                "cache-control": "private, no-cache",
                "vary": "Authorization, Accept, Accept-Language",
            }
            assert "content-length" not in same.headers and "content-type" not in same.headers
        for named in (*FOREIGN, tag.strip('"'), tag.lower(), tag[:-2] + '"'):
            other = await asking.request(**got(UNITS, if_none_match=named))
            assert (other.status_code, other.headers["etag"]) == (200, tag), named
            assert other.headers["content-type"] == "application/json"
            assert other.json()["data"]
        assert tag[0] == tag[-1] == '"' and len(tag) == 26


async def test_several_header_lines_are_one_list(town: Town) -> None:
    async with client(Graph(None), "junan.observer") as asking:
        tag = await tag_of(asking, UNITS)
        request = got(UNITS) | {"headers": [("if-none-match", '"x"'), ("if-none-match", tag)]}
        assert (await asking.request(**request)).status_code == 304


async def test_a_post_is_answered_in_full_and_has_no_tag(town: Town, made: list[str]) -> None:
    async with client(Graph(None), "junan.observer") as asking:
        tag = await tag_of(asking, UNITS)
        for named in (tag, "*"):
            request = asked(UNITS) | {"headers": {"if-none-match": named}}
            response = await asking.request("POST", "/", **request)
            assert response.status_code == 200 and response.json()["data"]
            assert not {"etag", "cache-control", "vary"} & set(response.headers)
    assert len(made) == 1, "the memory is the same"


async def test_a_mutation_has_no_place_in_an_address_and_head_none_at_all(town: Town) -> None:
    change = "mutation($input: AcceptTaskInput!) { acceptTask(input: $input) { problems { code } } }"
    variables = {"input": {"task": "rubbish"}}
    async with client(Graph(None)) as asking:
        await body(asking, asked(change, variables=variables))
        for _ in range(2):
            refused = await asking.request(**got(change, variables))
            assert refused.status_code == 400
        tag = await tag_of(asking, UNITS)
        for _ in range(2):
            head = await asking.request(**(got(UNITS, if_none_match=tag) | {"method": "HEAD"}))
            assert (head.status_code, "etag" in head.headers) == (405, False)


async def test_somebody_elses_tag_gives_nothing_away(town: Town) -> None:
    """Not even whether they see the same: the tag of another permission class never fits, whatever the answer."""
    await town.issue("zr")
    empty = '{ summonses(area: "99") { totalCount } }'
    graph, tags = Graph(None), {}
    for login in town.world.members:
        async with client(graph, login) as asking:
            for text in (LIST, empty):
                tags[login, text] = await tag_of(asking, text)
    for login in ("tianhu.resident", "wanan.secretary", "zr.member"):
        async with client(graph, login) as asking:
            for text in (LIST, empty):
                mine = (await asking.request(**got(text))).content
                for named in {*tags.values()} - {tags[login, text]}:
                    told = await asking.request(**got(text, if_none_match=named))
                    assert (told.status_code, told.content) == (200, mine)
    assert tags["shunde.org", empty] != tags["tianhu.resident", empty]
    async with client(graph, "nobody.at.all") as asking:
        refused = await asking.request(**got(LIST, if_none_match=tags["shunde.org", LIST]))
        assert (refused.status_code, "etag" in refused.headers) == (401, False)


async def test_another_process_gives_the_same_tag_and_another_installation_another_one(town: Town) -> None:
    async with client(Graph(None), "junan.observer") as asking:
        first = await tag_of(asking, LIST)
    forget(MEMORY)
    async with client(Graph(None), "junan.observer") as asking:
        assert await tag_of(asking, LIST) == first
        await Event.raw("UPDATE log_epoch SET epoch = 'another'")
        forget(MEMORY)
        assert await tag_of(asking, LIST) != first


def forget(memory: Memory) -> None:
    """As a process that has just started."""
    memory.forget()
    HEARD.clear()  # so that it hears of the present generations again


WRITE_MARK = """
import baodao
from policies.actor import Actor, LiveGrant
from policies.alike import mark
grants = tuple(LiveGrant("observer", "TOWN", f"44.{town}.", f"{town}", id=f"{town}") for town in range(5))
print(mark(Actor("m", grants=grants), frozenset({(type, "read") for type in ("summons", "task", "unit", "area")})).text)
"""


def test_a_mark_does_not_differ_with_the_process() -> None:
    marks = {
        subprocess.run(
            [sys.executable, "-c", WRITE_MARK],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(marks) == 1 and len(marks.pop()) == 65


FIRST = Generations(1, 1, 1, 1, 1)


@pytest.fixture
def memory() -> Iterator[Memory]:
    memory = Memory(most=3, most_bytes=10_000)
    memory.hear(FIRST)
    yield memory
    KEPT.remove(memory)


def key(name: str) -> tuple[str, bytes, str, str]:
    return name, b"{}", "en", "mark"


def test_the_memory_holds_no_more_answers_than_it_may(memory: Memory) -> None:
    for name in ("a", "b", "c"):
        memory.put(key(name), Answer(b"1", key(name)), memory.life)
    memory.find(key("a"))
    memory.put(key("d"), Answer(b"1", key("d")), memory.life)
    assert [memory.find(key(name)) is not None for name in "abcd"] == [True, False, True, True]


def test_nor_more_bytes(memory: Memory) -> None:
    for name, size in (("a", 4_000), ("b", 4_000), ("a", 100), ("c", 5_000), ("d", 9_001)):
        memory.put(key(name), Answer(b"x" * size, key(name)), memory.life)
        assert memory.bytes <= 10_000
    assert [memory.find(key(name)) is not None for name in "abcd"] == [True, False, True, False]
    long = ("a", b"x" * 10_000, "en", "mark")
    memory.put(long, Answer(b"1", long), memory.life)
    assert memory.find(long) is None
    memory.hear(FIRST._replace(unit=2))
    assert (memory.bytes, len(memory)) == (0, 0)


def test_nothing_is_kept_of_a_generation_that_has_passed(memory: Memory) -> None:
    """Nor when an old one is told again: by somebody who comes late, or after the database was restored."""
    before = memory.life
    memory.hear(FIRST._replace(area=2))
    memory.put(key("a"), Answer(b"1", key("a")), before)
    memory.hear(FIRST)
    memory.put(key("a"), Answer(b"1", key("a")), before)
    assert len(memory) == 0
    memory.put(key("a"), Answer(b"1", key("a")), memory.life)
    assert len(memory) == 1
    memory.hear(FIRST._replace(area=2))
    assert len(memory) == 0
    memory.forget()
    memory.put(key("a"), Answer(b"1", key("a")), memory.life)
    assert len(memory) == 0


async def test_a_service_without_room_keeps_nothing_but_gives_tags(town: Town, made: list[str]) -> None:
    MEMORY.most_bytes = 0
    async with client(Graph(None), "junan.observer") as asking:
        tag = await tag_of(asking, UNITS)
        assert (await asking.request(**got(UNITS, if_none_match=tag))).status_code == 304
    assert (len(MEMORY), len(made)) == (0, 2)


async def test_browsers_of_other_origins_may_see_the_tag(
    own_settings: None,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BAODAO_CORS_ORIGINS", "https://a.example")
    settings.cache_clear()
    origin = {"origin": "https://a.example", "access-control-request-method": "GET"}
    service = httpx.ASGITransport(application())
    async with httpx.AsyncClient(transport=service, base_url="http://baodao", headers=origin) as browser:
        wanted = {"access-control-request-headers": "authorization,if-none-match"}
        assert (await browser.options("/graphql", headers=wanted)).status_code == 200
        told = (await browser.get("/healthz")).headers["access-control-expose-headers"]
        assert "etag" in told.split(", ")


async def test_timers_change_no_summons_or_task_without_an_event(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ring by ring, for weeks: the end of the log is all that tells kept answers of a change."""
    await matters(town.world)
    ring, seen = tick._ring, []

    async def watched(*clock: str) -> bool:
        before, head = await shown(), await log_head()
        rang = await ring(*clock)
        if await log_head() == head:
            assert await shown() == before
        seen.append(await shown() != before)
        return rang

    monkeypatch.setattr(tick, "_ring", watched)
    for _ in range(30):
        town.time.advance(timedelta(days=1))
        await tick.tick()
    assert seen.count(True) > 20


async def shown() -> list[Any]:
    return [await model.all().order_by("id").values() for model in (Summons, Task, CoIssuer)]


async def test_a_service_that_ended_leaves_nothing_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAODAO_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.cache_clear()
    try:
        async with lifespan(application()):
            assert MEMORY.most_bytes > 0
    finally:
        settings.cache_clear()
    assert (MEMORY.most_bytes, len(MEMORY)) == (0, 0)
