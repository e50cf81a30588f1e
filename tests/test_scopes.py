"""What a list holds is what the rules allow, row by row: a random world, every role, real databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from random_world import RandomWorld
from tortoise.expressions import Q

from models import (
    Area,
    Credential,
    Evaluation,
    Event,
    Grant,
    InspectionPlan,
    Member,
    Publication,
    Summons,
    Task,
    TaskScore,
    TaskState,
    Template,
    Unit,
    Webhook,
    WebhookDelivery,
    WorkOrder,
)
from policies import conditions
from policies.actor import ANONYMOUS, SYSTEM, Actor, LiveGrant
from policies.clauses import rows
from policies.compile import compile_scope, scope_of
from policies.explain import who_can
from policies.facts import Facts
from policies.gathering import facts_of_many
from policies.guard import may
from policies.inbox import inbox, orders_to_verify
from policies.loading import load_actor
from policies.relations import RELATION
from policies.rules import Rule, RuleBook, rules
from policies.scopes import TYPES, open_to, readable, readable_news, seen, sees


@pytest.fixture
async def world(db: str) -> RandomWorld:
    world = RandomWorld(seed=3)
    await world.build()
    return world


ASKED_OF = {
    **{model: [type] for model, type in TYPES.items()},
    Task: ["task", "evaluation"],
    Grant: ["binding", "delegation"],
}
"""The types of actions that are asked of the rows of a model."""


async def test_a_list_is_what_the_rules_allow(world: RandomWorld) -> None:
    seen_to_allow: set[str] = set()
    for model, types in ASKED_OF.items():
        known = await world.facts(model)
        for actor in await world.actors():
            for type, action in (key for key in rules().by_action if key[0] in types):
                expected = {pk for pk, facts in known.items() if may(actor, type, action, facts)}
                if scope_of(actor, type, action).grounds:
                    assert {row.pk for row in await open_to(model, actor, type, action)} == expected
                    seen_to_allow |= {
                        ground.rule.relation for ground in scope_of(actor, type, action).grounds
                    }
                else:
                    assert not expected
    assert seen_to_allow == RELATION.keys() - {"member_of_evaluated_unit"}


async def test_what_is_readable_is_what_one_sees_events_included(world: RandomWorld) -> None:
    for model in [*TYPES, Credential, InspectionPlan, TaskScore, Event, Webhook, WebhookDelivery]:
        things = await model.all()
        for actor in await world.actors():
            expected = {
                thing.pk for thing, is_seen in zip(things, await seen(actor, things), strict=True) if is_seen
            }
            assert {row.pk for row in await readable(model, actor)} == expected
            assert actor is not SYSTEM or len(expected) == len(things)


CONDITIONS = [
    *("True", "True", "True", "!True", "r.obj.official == True", "r.obj.official != True"),
    *("r.obj.unit_id == r.sub.id", "r.obj.unit_id != r.sub.id", "r.obj.member_id != r.sub.id"),
    *("r.obj.grantee_id == r.sub.id", "r.obj.area_level in ('TOWN', 'GRID')", "r.obj.area_level != 'TOWN'"),
    "r.obj.unit_id not in ('x', 'y') && !(r.obj.official == True || r.obj.member_id == r.sub.id)",
]


OF_PUBLISHED = [
    *("True", "r.obj.published == True", "r.obj.published != True && r.obj.area_level == 'x'"),
    "!(r.obj.published in (True) || r.obj.official == True)",
]


def random_rules(random: Random, actor: Actor, conditions_of: Sequence[str] = CONDITIONS) -> RuleBook:
    """Some rules for roles of the actor about one action, with any relation, condition and effect."""
    found = []
    for line in range(random.randint(1, 5)):
        role, when = random.choice(sorted({held.role for held in actor.roles})), random.choice(conditions_of)
        relation, allows = (
            random.choice(["any", *RELATION] if line else ["any"]),
            line == 0 or random.random() < 0.4,
        )
        condition = conditions.parse(when)
        found.append(Rule(line, role, frozenset(), "", "x", "do", relation, condition, when, allows))
    return RuleBook(tuple(found), rules().inherited, {("x", "do"): tuple(found)})


async def test_the_news_of_some_things_are_what_the_log_tells_of_them(world: RandomWorld) -> None:
    for actor in [*await world.actors(), SYSTEM]:
        for about in ((), ("Request", "WorkOrder"), ("Publication",)):
            wanted = Q(aggregate__in=about) if about else Q(summons_id__isnull=False)
            whole_log = await readable(Event, actor).filter(wanted)
            told = await readable_news(actor, about).filter(wanted)
            assert {one.id for one in told} == {one.id for one in whole_log}


async def test_any_rules_list_what_they_allow_empty_columns_and_bans_included(world: RandomWorld) -> None:
    actors, banned = [actor for actor in await world.actors() if not actor.system], 0
    for model in TYPES:
        known = await world.facts(model)
        for _ in range(60):
            actor = world.random.choice(actors)
            scope = compile_scope(random_rules(world.random, actor), actor, "x", "do")
            expected = {pk for pk, facts in known.items() if scope.test(facts)}
            assert {row.pk for row in await rows(model, scope.clause(model))} == expected, scope
            banned += 0 < len(expected) < sum(replace(scope, bans=()).test(facts) for facts in known.values())
    assert banned > 10


async def test_what_is_reached_if_nothing_is_published_is_listed_alike(world: RandomWorld) -> None:
    actors = [actor for actor in await world.actors() if not actor.system]
    known, closed = await world.facts(Publication), 0
    for _ in range(80):
        actor = world.random.choice(actors)
        scope = compile_scope(random_rules(world.random, actor, OF_PUBLISHED), actor, "x", "do")
        expected = {pk for pk, facts in known.items() if scope.test(replace(facts, published=False))}
        assert {
            row.pk for row in await rows(Publication, scope.unpublished().clause(Publication))
        } == expected
        closed += expected < {pk for pk, facts in known.items() if scope.test(facts)}
    assert closed


@pytest.mark.parametrize("relation", ["subtree", "own_area", "subtree_not_above"])
async def test_a_grant_in_a_unit_lies_where_the_unit_does(world: RandomWorld, relation: str) -> None:
    rule = Rule(1, "observer", frozenset(), "", "x", "do", relation, conditions.parse("True"), "True", True)
    book = RuleBook((rule,), rules().inherited, {("x", "do"): (rule,)})
    known = await world.facts(Grant)
    for level, path in (
        ("PROVINCE", "44."),
        ("PROVINCE", "51."),
        ("DISTRICT", "44.4406.440606."),
        ("SYSTEM", ""),
    ):
        actor = Actor("x", grants=(LiveGrant("observer", level, path),))
        scope = compile_scope(book, actor, "x", "do")
        expected = {pk for pk, facts in known.items() if scope.test(facts)}
        assert {row.pk for row in await rows(Grant, scope.clause(Grant))} == expected
        assert expected or relation == "own_area"


async def test_those_who_can_are_those_who_may(world: RandomWorld) -> None:
    actors = [actor for actor in await world.actors() if actor.id]
    for type, action, model in [
        *(("task", action, Task) for action in ("accept", "checkIn", "overrule", "urge", "read")),
        *(("evaluation", action, Task) for action in ("submit", "submitTown", "adjudicate")),
        *(("summons", action, Summons) for action in ("issue", "cosign", "read", "followupFailed")),
        *(("binding", "grant", Grant), ("member", "read", Member), ("unit", "command", Unit)),
    ]:
        for facts in [*(await world.facts(model)).values()][:8]:
            expected = {actor.id for actor in actors if may(actor, type, action, facts)}
            found = await who_can(type, action, facts, world.now)
            assert {member.id for member in await found} == expected


async def test_the_inbox_holds_what_waits_for_one_and_is_not_scored_yet(world: RandomWorld) -> None:
    steps = {
        *((TaskState.PENDING, "task", "accept"), (TaskState.ACCEPTED, "task", "assign")),
        *((TaskState.ASSIGNED, "task", "checkIn"), (TaskState.ASSIGNED, "task", "assign")),
        *((TaskState.ARRIVED, "task", "submitResult"), (TaskState.ON_HOLD, "task", "submitResult")),
        *((TaskState.DECLINED, "task", "overrule"), (TaskState.RESOLVED, "evaluation", "submit")),
    }
    await score_and_appeal()
    tasks, known = await Task.all(), await world.facts(Task)
    resolved = {task.id for task in tasks if task.state == TaskState.RESOLVED}
    scored = {(one.task_id, one.round, one.area_id) for one in await Evaluation.filter(task_id__in=resolved)}
    templates, appeals = await weighing(), await world.facts(Evaluation)
    parts = await lacking_parts({one.id: one for one in templates})
    appealed = await Evaluation.filter(state="APPEALED").values_list("id", "task_id")
    waiting, lacking, ruling = 0, 0, 0
    for actor in await world.actors():
        areas = [grant.area_id for grant in actor.grants]
        acting = {
            task.id
            for task in tasks
            if any(
                task.state == state and may(actor, type, action, known[task.id])
                for state, type, action in steps
            )
            and not any((task.id, task.round, area) in scored for area in areas)
        }
        giving = {
            id for action, id in parts if may(actor, "evaluation", action, known[id]) and actor.id is not None
        }
        judging = {task_id for id, task_id in appealed if may(actor, "evaluation", "adjudicate", appeals[id])}
        if actor.id is not None:
            assert {task.id for task in await inbox(actor, templates)} == acting | giving | judging
            waiting, lacking, ruling = waiting + len(acting), lacking + len(giving), ruling + len(judging)
    assert waiting and lacking and ruling


async def score_and_appeal() -> None:
    """Every task with a score has just been scored, and all scores are appealed against."""
    await Evaluation.all().update(state="APPEALED")
    for score in await TaskScore.all():
        await Task.filter(id=score.task_id).update(state=TaskState.EVALUATED, round=score.round)


async def weighing() -> list[Template]:
    """By which all scores are made: the first weighs no town and no district, the others do."""
    ids = sorted({one.template_id for one in await TaskScore.all()})
    nobody: list[list[str | int]] = [["VILLAGE", 100]]
    both: list[list[str | int]] = [["TOWN", 50], ["DISTRICT", 50]]
    return [Template(id=id, parties=both if index else nobody) for index, id in enumerate(ids)]


async def lacking_parts(templates: dict[str, Template]) -> set[tuple[str, str]]:
    """Which task's present score lacks a part that its template weighs: by the action that gives it, and the task."""
    scores = await TaskScore.filter(lock_id=None).prefetch_related("task")
    given = {(one.task_id, one.round, len(one.area_id)) for one in await Evaluation.all()}
    return {
        (action, one.task_id)
        for one in scores
        for action, party, digits in (("submitTown", "TOWN", 9), ("submitDistrict", "DISTRICT", 6))
        if one.task.state in ("RESOLVED", "EVALUATED")
        and one.round == one.task.round
        and party in templates[one.template_id].shares
        and (one.task_id, one.round, digits) not in given
    }


async def test_orders_that_others_have_done_wait_for_who_verifies(world: RandomWorld) -> None:
    await WorkOrder.all().update(state="DONE")
    orders = await WorkOrder.all()
    facts = await world.facts(WorkOrder)
    found = 0
    for actor in await world.actors():
        await WorkOrder.all().update(assignee_id=None)
        able = {one.id for one in orders if may(actor, "order", "verify", facts[one.id])}
        assert {one.id for one in await orders_to_verify(actor)} == able
        if actor.id is not None and able:
            await WorkOrder.filter(id=min(able)).update(assignee_id=actor.id)
            assert {one.id for one in await orders_to_verify(actor)} == able - {min(able)}
            found += 1
    assert found


async def test_a_scored_task_waits_again_in_its_next_round(world: RandomWorld) -> None:
    member, task, village = world.rows[Member][0], world.any(Task), await Area.get(code="440606106004")
    await Evaluation.filter(task_id=task.id).delete()
    await Grant.filter(member_id=member.pk).delete()
    await Task.filter(id=task.id).update(path=village.path, state=TaskState.RESOLVED, round=2)
    place = {"area": village, "level": "VILLAGE", "path": village.path, "since": world.now}
    await Grant.create(member_id=member.pk, role="village_secretary", **place)
    secretary = await load_actor(member.pk, world.now)
    for scored_round, waits in ((1, True), (2, False)):
        of_task = {"task": task, "summons_id": task.summons_id, "unit_id": task.unit_id, "path": village.path}
        scores = {"area": village, "scores": {}, "total": 0, "round": scored_round, "submitted_at": world.now}
        await Evaluation.create(**of_task, **scores)
        assert await inbox(secretary).filter(id=task.id).exists() is waits


async def test_a_right_without_a_place_is_found_wherever_it_is_held(world: RandomWorld) -> None:
    expected = {actor.id for actor in await world.actors() if may(actor, "publication", "object", Facts())}
    found = await who_can("publication", "object", Facts(), world.now)
    assert {member.id for member in await found} == expected - {None} != set()


async def test_facts_take_no_more_queries_for_more_objects(
    world: RandomWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="tortoise.db_client")
    for model, queries in {Summons: 4, Task: 3, Evaluation: 2, Grant: 1, Member: 0, Event: 10}.items():
        caplog.clear()
        await facts_of_many(world.rows[model])
        assert len([record for record in caplog.records if record.msg.startswith("SELECT")]) <= queries


async def test_a_grant_counts_from_its_beginning_until_before_its_end(world: RandomWorld) -> None:
    member, area, now, second = world.rows[Member][0], world.any(Area), world.now, timedelta(seconds=1)
    await Grant.filter(member_id=member.pk).delete()
    place = {"member_id": member.pk, "area": area, "level": "TOWN", "path": area.path}
    await Grant.create(role="observer", since=now, until=now + second, **place)
    held = {offset: (await load_actor(member.pk, now + offset * second)).grants for offset in (-1, 0, 1)}
    assert [len(held[offset]) for offset in (-1, 0, 1)] == [0, 1, 0]
    await Member.filter(id=member.pk).update(disabled_at=now)
    dismissed = await load_actor(member.pk, now)
    assert dismissed.grants == () and not await sees(dismissed, area)
    assert await load_actor("nobody", now) is ANONYMOUS


async def test_an_actor_takes_one_query(world: RandomWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="tortoise.db_client")
    await load_actor(world.rows[Member][0].pk, world.now)
    assert len(caplog.records) == 1


async def test_an_event_about_something_gone_is_seen_by_nobody_who_needs_a_place(world: RandomWorld) -> None:
    event = next(row for row in world.rows[Event] if isinstance(row, Event) and row.aggregate == "Grant")
    await Grant.filter(id=event.aggregate_id).delete()
    assert await facts_of_many([event]) == [Facts()]


async def test_subtrees_are_ranges_never_patterns(world: RandomWorld) -> None:
    queries = [readable(model, actor).sql() for model in TYPES for actor in await world.actors()]
    assert any("path" in query and ">=" in query for query in queries)
    assert not any("LIKE" in query for query in queries)
