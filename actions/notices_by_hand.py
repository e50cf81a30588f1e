"""Notices (通报) by hand: praise, what is overdue, criticism; and what the district decides about who stood last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tortoise.models import Model

from actions.admin import check_version, find_area, locked
from actions.available import Available
from actions.checks import TEXT_LENGTH, check_text
from actions.once import Done, once
from actions.record import Record
from actions.turn import Faults
from models import (
    Area,
    Notice,
    NoticeKind,
    Publication,
    PublicationState,
    Summons,
    Task,
    Unit,
    WrongState,
    subtree,
)
from models.notices import BY_HAND
from policies.actor import Actor
from policies.facts import Facts
from policies.gathering import facts_of_many
from policies.guard import decide
from policies.scopes import readable, whole

M = TypeVar("M", bound=Model)

ISSUE, DECIDE = ("notice", "issue"), ("notice", "decide")


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Told in `area`, about `unit` or else the area itself; ids are database ids."""

    kind: NoticeKind
    area: str
    text: str
    unit: str | None = None
    summons: str | None = None
    task: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeDecision:
    """What becomes of somebody who was reported."""

    notice: str
    text: str
    version: int | None = None
    key: str | None = None


async def issue_notice(actor: Actor, new: NewNotice) -> Done:
    """Needs `notice.issue` where it is told. Raises every fault of the input at once.

    A unit must belong to the area or have been summoned from it, and not be the actor's own; what it is about must
    have been issued there, and the unit have a part in it.
    """

    async def work(record: Record) -> Done:
        faults = Faults()
        area = await find_area(actor, faults, new.area, "area")
        if area is not None:
            record.require(actor, *ISSUE, Facts(area_path=area.path, unit_id=new.unit))
        await _check(actor, faults, area, new)
        faults.refuse()
        assert area is not None, "a missing area is a fault"
        notice = await _made(record, actor, area, new)
        event = record.tell_of_admin(
            notice, "notice.issued", actor, area, kind=new.kind.value, occurrence=notice.occurrence
        )
        await notice.save(force_create=True)
        return Done("Notice", notice.id, event.id)

    return await once(actor, new.key, ("issueNotice", new), work)


async def _check(actor: Actor, faults: Faults, area: Area | None, new: NewNotice) -> None:
    if new.kind not in BY_HAND:
        faults.add("NOTICE_BY_RANKING", "kind")
    check_text(faults, new.text, "text", TEXT_LENGTH)
    unit = await _named(actor, faults, Unit, new.unit)
    summons = await _named(actor, faults, Summons, new.summons)
    task = await _named(actor, faults, Task, new.task)
    if unit is not None and area is not None:
        await _check_unit(actor, faults, unit, area)
    if summons is not None:
        _check_place(faults, area, summons)
        if unit is not None and not await whole(Task).filter(summons_id=summons.id, unit_id=unit.id).exists():
            faults.add("MATTER_OF_OTHERS", "summons")
    if task is not None:
        _check_task(faults, area, task, unit, summons)


async def _named(actor: Actor, faults: Faults, model: type[M], id: str | None) -> M | None:
    """What the actor may read, if something is named."""
    found = await readable(model, actor).get_or_none(id=id) if id is not None else None
    if found is None and id is not None:
        faults.missing(model.__name__, model.__name__.lower())
    return found


async def _check_unit(actor: Actor, faults: Faults, unit: Unit, area: Area) -> None:
    start, end = subtree(area.path)
    summoned = whole(Task).filter(unit_id=unit.id, path__gte=start, path__lt=end)
    if _is_own(actor, unit):
        faults.add("OWN_NOTICE", "unit")
    elif not unit.territory.startswith(area.path) and not await summoned.exists():
        faults.add("UNIT_NOT_CONCERNED", "unit")


def _is_own(actor: Actor, unit: Unit) -> bool:
    """The very unit: to tell of those below it is what leaders are for."""
    return unit.line in actor.lines


def _check_place(faults: Faults, area: Area | None, matter: Summons | Task) -> None:
    if area is not None and not matter.path.startswith(area.path):
        faults.add("MATTER_ELSEWHERE", matter.__class__.__name__.lower())


def _check_task(
    faults: Faults, area: Area | None, task: Task, unit: Unit | None, summons: Summons | None
) -> None:
    _check_place(faults, area, task)
    if summons is not None and task.summons_id != summons.id:
        faults.add("TASK_OF_OTHER_SUMMONS", "task")
    if unit is not None and task.unit_id != unit.id:
        faults.add("MATTER_OF_OTHERS", "task")


async def _made(record: Record, actor: Actor, area: Area, new: NewNotice) -> Notice:
    """Counted under a lock on the area, so that of two told at once one is the next."""
    await whole(Area).select_for_update(no_key=True).get(code=area.code)
    subject = {"unit_id": new.unit, "grid_id": None if new.unit else area.code}
    earlier = await whole(Notice).filter(path=area.path, kind=new.kind, **subject).count()
    task = await whole(Task).get(id=new.task) if new.task else None
    return Notice(
        kind=new.kind,
        area_id=area.code,
        path=area.path,
        **subject,
        occurrence=earlier + 1,
        text=new.text,
        summons_id=task.summons_id if task else new.summons,
        task_id=new.task,
        issued_at=record.now,
        issued_by_id=actor.id,
    )


async def decide_notice(actor: Actor, decision: NoticeDecision) -> Done:
    """Needs `notice.decide` where it is told. WrongState NOT_REPORTED, NOTICE_DECIDED, NOTICE_CORRECTED, OWN_NOTICE."""

    async def work(record: Record) -> Done:
        notice = await locked(record, Notice, actor, decision.notice, DECIDE)
        [facts] = await facts_of_many([notice])
        record.require(actor, *DECIDE, facts)
        check_version(decision.version, notice.version)
        [why_not] = await _why_undecidable(actor, [notice])
        if why_not is not None:
            raise WrongState("decide", "DECIDED" if notice.decided_at else "ISSUED", why_not)
        faults = Faults()
        check_text(faults, decision.text, "text", TEXT_LENGTH)
        faults.refuse()
        notice.decision, notice.decided_by_id, notice.decided_at = decision.text, actor.id, record.now
        area = await whole(Area).get(code=notice.area_id)
        event = record.tell_of_admin(notice, "notice.decided", actor, area)
        await notice.save()
        return Done("Notice", notice.id, event.id)

    return await once(actor, decision.key, ("decideNotice", decision), work)


async def _why_undecidable(actor: Actor, notices: Sequence[Notice]) -> list[str | None]:
    """For each, the code of what stands in the way; the number of statements does not grow with theirs."""
    ids = {one.publication_id for one in notices if one.publication_id}
    corrected = whole(Publication).filter(id__in=ids, state=PublicationState.CORRECTED)
    gone = {one.id for one in await corrected} if ids else set()
    units = {one.unit_id for one in notices if one.unit_id}
    own = (
        {one.id for one in await whole(Unit).filter(id__in=units) if _is_own(actor, one)} if units else set()
    )
    return [_why_not(one, gone, own) for one in notices]


def _why_not(notice: Notice, corrected: set[str], own: set[str]) -> str | None:
    if notice.kind != NoticeKind.REPORTED:
        return "NOT_REPORTED"
    if notice.decided_at is not None:
        return "NOTICE_DECIDED"
    if notice.publication_id in corrected:
        return "NOTICE_CORRECTED"
    return "OWN_NOTICE" if notice.unit_id in own else None


async def available_on(actor: Actor, notices: Sequence[Notice]) -> list[list[Available]]:
    """For each that was reported and waits: `decide`, and why not."""
    waiting = [one for one in notices if one.kind == NoticeKind.REPORTED and one.decided_at is None]
    facts, reasons = await facts_of_many(waiting), await _why_undecidable(actor, waiting)
    found = {
        one.id: [Available("decide", decide(actor, *DECIDE, known).reason_code or why_not, None)]
        for one, known, why_not in zip(waiting, facts, reasons, strict=True)
    }
    return [found.get(one.id, []) for one in notices]
