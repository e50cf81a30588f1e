"""Visits of follow-ups (回访): when somebody goes to ask, and who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.admin import check_version
from actions.available import Available, available_actions
from actions.case import Case
from actions.cases import load_case
from actions.checks import check_words
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import Event, FollowUp, FollowUpState, Member, NotFound, Summons, WrongState
from policies.actor import Actor
from policies.gathering import facts_of_many
from policies.guard import decide, may
from policies.loading import load_actor
from policies.scopes import open_to, readable, whole

RECORD = ("followup", "record")


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """When which member of the issuer's group goes and asks; ids are database ids."""

    follow_up: str
    at: datetime
    visitor: str
    note: str | None = None
    version: int | None = None
    key: str | None = None


async def plan_visit(actor: Actor, plan: VisitPlan) -> Done:
    """Needs `record` on the follow-up; a later plan takes the place of the former.

    It is an event of the summons. Whoever goes must be one who could record what they find.
    """

    async def work(record: Record) -> Done:
        case, followup = await _found(actor, plan)
        record.require(actor, *RECORD, case.facts(None))
        check_version(plan.version, followup.version)
        if case.followup is None or followup.state != FollowUpState.PLANNED:
            raise WrongState("record", followup.state)
        await _check(actor, plan, case, followup, record.now)
        followup.visit_at, followup.visitor_id = plan.at, plan.visitor
        followup.version += 1
        event = record.tell(case.summons, _event(actor, plan, case.summons, record.now))
        await followup.save(update_fields=["visit_at", "visitor_id", "version"])
        await case.save(record)
        return Done("FollowUp", followup.id, event.id)

    return await once(actor, plan.key, ("planFollowUpVisit", plan), work)


async def _found(actor: Actor, plan: VisitPlan) -> tuple[Case, FollowUp]:
    """The case under its lock, and the follow-up as it is then."""
    for known in (readable(FollowUp, actor), open_to(FollowUp, actor, *RECORD)):
        if (followup := await known.get_or_none(id=plan.follow_up)) is not None:
            case = await load_case(followup.summons_id)
            assert case is not None, "a follow-up has a summons"
            await case.read(["group_ids", "lines", "followup"])
            return case, await whole(FollowUp).get(id=followup.id)
    raise NotFound("FollowUp", "followUp")


async def _check(actor: Actor, plan: VisitPlan, case: Case, followup: FollowUp, now: datetime) -> None:
    faults = Faults()
    if plan.at < now:
        faults.add("VISIT_IN_PAST", "at")
    elif plan.at > followup.due_at:
        faults.add("VISIT_AFTER_LIMIT", "at")
    check_words(faults, plan.note, "note")
    if not await readable(Member, actor).filter(id=plan.visitor).exists():
        faults.missing("Member", "visitor")
    elif plan.visitor not in case.group_ids:
        faults.add("NOT_IN_GROUP", "visitor")
    elif not may(await load_actor(plan.visitor, now), *RECORD, case.facts(None)):
        faults.add("VISITOR_MAY_NOT_RECORD", "visitor")
    faults.refuse()


def _event(actor: Actor, plan: VisitPlan, summons: Summons, now: datetime) -> Event:
    return Event(
        type="summons.followup_planned",
        aggregate="Summons",
        aggregate_id=summons.id,
        area_id=summons.issuer_id,
        path=summons.path,
        summons_id=summons.id,
        actor_id=actor.id,
        at=now,
        from_state=str(summons.state),
        to_state=str(summons.state),
        note=plan.note,
        payload={"visitAt": plan.at.isoformat(), "visitor": plan.visitor},
    )


async def available_on(actor: Actor, followups: Sequence[FollowUp]) -> list[list[Available]]:
    """For each one that is planned: `record`, which is to plan its visit, and the steps of its summons that end it."""
    planned = [one for one in followups if one.state == FollowUpState.PLANNED]
    summonses = await whole(Summons).filter(id__in=[one.summons_id for one in planned])
    steps = dict(zip([one.id for one in summonses], await available_actions(actor, summonses), strict=True))
    facts = zip(planned, await facts_of_many(planned), strict=True)
    found = {
        one.id: [
            Available("record", decide(actor, *RECORD, known).reason_code, one.due_at),
            *steps[one.summons_id],
        ]
        for one, known in facts
    }
    return [found.get(one.id, []) for one in followups]
