"""Effective rights: no rule that counts is missing, none is too many, and each tells where it comes from."""

import pytest
from world import World

from models import Grant, Member, clock
from policies.actor import ANONYMOUS, Actor
from policies.compile import compile_scope
from policies.rights import rights_of
from policies.rules import packaged

pytest_plugins = ["monday"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough: what is asked here has no SQL of its own."""
    return sqlite_url


def counting(actor: Actor) -> set[tuple[object, ...]]:
    """Rule and place, as decisions are made by them."""
    book = packaged()
    scopes = (compile_scope(book, actor, *pair) for pair in book.by_action)
    return {
        (ground.rule, grant)
        for scope in scopes
        for ground in (*scope.grounds, *scope.bans)
        for grant in ground.holder.grants
    }


async def test_they_are_the_rules_that_decisions_are_made_by(world: World) -> None:
    for login in world.members:
        rights = rights_of(await world.actor(login))
        assert {(right.rule, right.grant) for right in rights} == counting(await world.actor(login)), login
        assert len(set(rights)) == len(rights)


async def test_a_right_tells_the_role_it_comes_from_and_the_inherited_one(world: World) -> None:
    rights = rights_of(await world.actor("tianhu.secretary"))
    found = {(right.rule.type, right.rule.action): right for right in rights}
    issue, plan = found["summons", "issue"], found["inspection", "plan"]
    assert (issue.role, issue.via, issue.grant.path) == (
        "village_secretary",
        None,
        world.areas["440606106004"].path,
    )
    assert (plan.role, plan.via) == ("village_secretary", "grid_leader")
    assert {right.role for right in rights} == {"village_secretary", "member", "anyone"}


async def test_words_are_in_both_languages(world: World) -> None:
    [decline] = [right for right in rights_of(await world.actor("zr.head")) if right.rule.action == "decline"]
    assert (
        decline.words("en") == "Head of the unit may decline: task given to the unit where the role is held."
    )
    assert decline.words("zh") == "单位负责人可以对任职单位承办的任务执行“退约”。"


async def test_a_deputy_has_the_rights_in_the_name_of_the_principal(world: World) -> None:
    grant = world.grant("tianhu.cadre", "village_secretary", area="440606106004")
    grant.principal_id = world.members["tianhu.secretary"].id
    await grant.save(force_create=True)
    rights = rights_of(await world.actor("tianhu.cadre"))
    assert {right.grant.principal_id for right in rights if right.rule.action == "issue"} == {
        world.members["tianhu.secretary"].id
    }


async def test_what_has_ended_gives_nothing(world: World) -> None:
    before = len(rights_of(await world.actor("zr.liaison")))
    await Grant.filter(id=world.grants["zr.liaison"].id).update(revoked_at=clock.now())
    rest = rights_of(await world.actor("zr.liaison"))
    assert {right.role for right in rest} == {"member", "anyone"} and len(rest) < before
    await Member.filter(login="zr.liaison").update(disabled_at=clock.now())
    disabled = rights_of(await world.actor("zr.liaison"))
    assert disabled == rights_of(ANONYMOUS)
    assert {right.role for right in disabled} == {"anyone"}
