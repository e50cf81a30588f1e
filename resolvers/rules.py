"""Questions about the rules: the matrix, why somebody may or may not, and who can."""

from dataclasses import dataclass, replace
from enum import StrEnum

from strawberry import ID
from tortoise.expressions import Subquery
from tortoise.models import Model

from actions.available import action_on
from models import Grant, InvalidInput, Member, NotAllowed, clock
from models.workflow import Stepped, steps_of
from policies import explain as explaining
from policies.actor import Actor
from policies.facts import Facts, member_facts
from policies.gathering import facts_of_many
from policies.guard import decide, may
from policies.loading import load_actor
from policies.rules import rules
from policies.scopes import readable, seen, type_of, whole
from policies.vocabulary import DIGITS
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import key_of
from resolvers.members import BY_NAME
from resolvers.nodes import found
from resolvers.pages import Page, page
from resolvers.words import words


class Effect(StrEnum):
    """What a rule does to those it fits."""

    ALLOW = "ALLOW"
    DENY = "DENY"


class HeldAt(StrEnum):
    """The level at which a role must be held for a rule to count."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    DISTRICT = "DISTRICT"
    TOWN = "TOWN"
    VILLAGE = "VILLAGE"
    GRID = "GRID"
    UNIT = "UNIT"
    SYSTEM = "SYSTEM"
    ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether somebody may, why, and by which rules."""

    allowed: bool
    reason_code: str | None
    reasons: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """May somebody do `action` on the row? `type` and `right` are what the rules call that."""

    row: Model
    action: str
    type: str
    right: str
    facts: Facts


def policy_rules(
    role: str | None = None, type: str | None = None, action: str | None = None
) -> list[explaining.PolicyRow]:
    return explaining.policy_rules(role, type, action)


async def explain(info: Info, action: str, object: ID, member: ID | None = None) -> Explanation | None:
    """None when the caller does not see the object. InvalidInput ACTION_UNKNOWN; NotAllowed about somebody else."""
    asked = await _question(info, action, object)
    if asked is None:
        return None
    if member is None:
        return await answer(asked, info.context.actor, info.context.language)
    actor = await somebody(info, member)
    if not info.context.actor.is_(actor.id):
        asked = replace(asked, facts=without_reporters(asked.facts))
    return await answer(asked, actor, info.context.language)


async def who_can(
    info: Info, action: str, object: ID, first: int | None = None, after: Cursor | None = None
) -> Page[Member] | None:
    """Only members whom the caller may know of."""
    asked = await _question(info, action, object)
    if asked is None:
        return None
    facts = without_reporters(asked.facts)
    able = await explaining.who_can(asked.type, asked.right, facts, clock.now())
    known = readable(Member, info.context.actor).filter(id__in=Subquery(able.values("id")))
    return await page(info, known, BY_NAME, first, after)


def without_reporters(facts: Facts) -> Facts:
    """For questions about others: who may do what a reporter may would tell who reported it."""
    return replace(facts, reporter_id=None, reporter_ids=())


async def _question(info: Info, action: str, object: ID) -> Question | None:
    row = await found(info, object, "object")
    return None if row is None else await question_about(row, action)


async def question_about(row: Model, action: str) -> Question:
    """InvalidInput ACTION_UNKNOWN."""
    type, right = _right(row, action)
    if (type, right) not in rules().by_action:
        raise InvalidInput("ACTION_UNKNOWN", "action")
    return Question(row, action, type, right, (await facts_of_many([row]))[0])


def _right(row: Model, action: str) -> tuple[str, str]:
    """Steps of the workflow bear their own names; every other action bears the rules' name."""
    step = steps_of(row).get(action)
    return step.right if step and step.right else (type_of(row), action)


async def somebody(info: Info, member: ID) -> Actor:
    """NotAllowed unless the caller administers the member or is the member; the unknown look like the others' own."""
    row = await info.context.loaders.members.load(key_of(member, Member, "member"))
    if row is not None:
        actor = await load_actor(row, clock.now())
        if await _administers(info.context.actor, row, actor):
            return actor
    raise NotAllowed("explain", "NOT_ADMINISTERED")


async def _administers(asker: Actor, member: Member, actor: Actor) -> bool:
    facts = member_facts(member)
    return (
        asker.is_(member.id)
        or may(asker, "member", "manage", facts)
        or (may(asker, "binding", "read", _lowest(facts)) and await _reads_grants(asker, actor))
    )


def _lowest(member: Facts) -> Facts:
    """Of a grant of the lowest rank at the member's place."""
    return replace(member, grantee_id=member.member_id, rank=max(DIGITS.values()))


async def _reads_grants(asker: Actor, actor: Actor) -> bool:
    """Whoever may read each single one learns nothing new from what they give."""
    grants = await whole(Grant).filter(id__in=[grant.id for grant in actor.grants if grant.id])
    return all(await seen(asker, list(grants)))


async def answer(asked: Question, actor: Actor, language: str) -> Explanation:
    decision = decide(actor, asked.type, asked.right, asked.facts)
    named = tuple(str(rule) for rule in decision.rules)
    if decision.allowed and (why_not := await _not_now(asked, actor)):
        return Explanation(False, why_not, (words(why_not, language),), named)
    reasons = explaining.explain(actor, asked.type, asked.right, asked.facts, language)
    return Explanation(decision.allowed, decision.reason_code, reasons, named)


async def _not_now(asked: Question, actor: Actor) -> str | None:
    """Why a step cannot be taken at present although the rules allow it."""
    if not isinstance(asked.row, Stepped):
        return None
    available = await action_on(actor, asked.row, asked.action)
    return available.reason_code if available else None
