"""Relations between an object and the actor in person: a test, and below it the same as a clause."""

from tortoise.expressions import Q

from models import (
    BreakGlass,
    Commitment,
    Export,
    FlagEntry,
    FollowUp,
    FollowUpGroup,
    FollowUpGroupMember,
    Grant,
    Honour,
    ListItem,
    Member,
    PolicyVersion,
    Publication,
    Reporter,
    Request,
    Summons,
    Task,
)
from policies.clauses import Clause, chosen, either, one_of
from policies.holder import Holder, Rows, Test, by_column

MEMBER: dict[Rows, str] = {
    Member: "id",
    **dict.fromkeys((Grant, BreakGlass, FlagEntry, Honour, Export, Commitment, ListItem), "member_id"),
}


def anything(holder: Holder) -> Test:
    return lambda facts: True


def every_row(holder: Holder, model: Rows) -> Clause:
    return True


def assigned(holder: Holder) -> Test:
    """The actor is the responsible member of the task, or of one of the summons's tasks."""
    return lambda facts: any(map(holder.actor.is_, facts.responsible_ids))


def assigned_rows(holder: Holder, model: Rows) -> Clause:
    mine = _mine(holder, "responsible_id")
    if model in (Summons, FollowUp):
        return chosen("id" if model is Summons else "summons_id", Task, "summons_id", mine)
    return mine if model is Task else False


def _mine(holder: Holder, column: str) -> Clause:
    return False if holder.actor.id is None else one_of(column, [holder.actor.id])


def reporter(holder: Holder) -> Test:
    """The actor is one of those who reported it; whoever did so first is one of them."""
    return lambda facts: any(map(holder.actor.is_, facts.reporter_ids))


def reporter_rows(holder: Holder, model: Rows) -> Clause:
    mine = _mine(holder, "member_id")
    return chosen("id", Reporter, "request_id", mine) if model is Request else False


def group_member(holder: Holder) -> Test:
    """The actor sits in a follow-up group of the issuer."""
    return lambda facts: any(map(holder.actor.is_, facts.group_ids))


def group_member_rows(holder: Holder, model: Rows) -> Clause:
    mine = _mine(holder, "member_id")
    if model is FollowUpGroup:
        return chosen("area_id", FollowUpGroupMember, "area_id", mine)
    followed = chosen("issuer_id", FollowUpGroupMember, "area_id", mine)
    if model in (Task, FollowUp):
        return chosen("summons_id", Summons, "id", followed)
    return followed if model is Summons else False


def oneself(holder: Holder) -> Test:
    """It is the actor, or the actor's own; a delegation is the principal's as well as the deputy's."""
    return lambda facts: holder.actor.is_(facts.member_id) or holder.actor.is_(facts.principal_id)


def own_rows(holder: Holder, model: Rows) -> Clause:
    mine = by_column(MEMBER, model, lambda column: _mine(holder, column))
    return either([mine, _mine(holder, "principal_id")]) if model is Grant else mine


def official(holder: Holder) -> Test:
    return lambda facts: facts.official


def official_rows(holder: Holder, model: Rows) -> Clause:
    return Q(official=True) if model is Member else False


def published(holder: Holder) -> Test:
    return lambda facts: facts.published


def published_rows(holder: Holder, model: Rows) -> Clause:
    return Q(published=True) if model in (PolicyVersion, Publication) else False
