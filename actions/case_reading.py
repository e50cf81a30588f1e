"""What more can be read of cases, by field name: one statement for each, however many cases there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from tortoise.expressions import Q

from actions.templates_of_area import templates_with
from models import (
    ClockKind,
    Decline,
    Evaluation,
    FollowUp,
    FollowUpGroupMember,
    FollowUpState,
    Grant,
    Proposal,
    ProposalState,
    TaskScore,
    Unit,
    UnitKind,
    clock,
)
from models.writes import values_in
from policies.scopes import whole

if TYPE_CHECKING:
    from actions.case import Case

ANSWERS = frozenset(kind for kind in ClockKind if kind.endswith("_ANSWER"))


async def read(cases: Sequence[Case], names: Iterable[str]) -> None:
    """Load more of the cases, by field name: one statement for each name."""
    for name in names:
        await READERS[name](cases)
        for case in cases:
            case.known.add(name)


class OfSummons(Protocol):
    """A row that belongs to a summons."""

    @property
    def summons_id(self) -> str | None: ...


Row = TypeVar("Row", bound=OfSummons)


def by_summons(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    sorted_out = defaultdict[str, list[Row]](list)
    for row in rows:
        sorted_out[row.summons_id or ""].append(row)
    return sorted_out


def _ids(cases: Sequence[Case]) -> list[str]:
    return [case.summons.id for case in cases]


async def _read_proposals(cases: Sequence[Case]) -> None:
    """An open proposal has its answer's clock, so where no such clock is left there is nothing to look for."""
    ids = list({one.task_id for case in cases for one in case.clocks if one.kind in ANSWERS})
    rows = await Proposal.filter(task_id__in=ids, state=ProposalState.OPEN) if ids else []
    for case in cases:
        case.proposals = [row for row in rows if case.task(row.task_id)]


async def _read_evaluations(cases: Sequence[Case]) -> None:
    rows = by_summons(await whole(Evaluation).filter(summons_id__in=_ids(cases), voided_at=None))
    for case in cases:
        case.evaluations = rows[case.summons.id]
        case.stored |= {row.id: values_in(row) for row in case.evaluations}


async def _read_declines(cases: Sequence[Case]) -> None:
    rows = by_summons(await Decline.filter(summons_id__in=_ids(cases)).order_by("declined_at", "id"))
    for case in cases:
        case.declines = rows[case.summons.id]


async def _read_heads(cases: Sequence[Case]) -> None:
    now, unit_ids = clock.now(), [task.unit_id for case in cases for task in case.live_tasks]
    held = whole(Grant).filter(
        unit_id__in=unit_ids, role="unit_head", since__lte=now, member__disabled_at=None
    )
    grants = await held.filter(Q(until=None) | Q(until__gt=now)).order_by("-since", "-id")
    heads = {str(grant.unit_id): grant.member_id for grant in grants}
    for case in cases:
        case.heads = heads


async def _read_lines(cases: Sequence[Case]) -> None:
    units = await whole(Unit).filter(id__in=list({task.unit_id for case in cases for task in case.tasks}))
    lines = {unit.id: unit.line for unit in units}
    stationed = frozenset(unit.id for unit in units if unit.kind == UnitKind.STATIONED_AGENCY)
    for case in cases:
        case.lines, case.stationed = lines, stationed


async def _read_scores(cases: Sequence[Case]) -> None:
    """Where no task has a result there is nothing to look for."""
    ids = [case.summons.id for case in cases if any(task.result_at for task in case.tasks)]
    if not ids:
        return
    rows = by_summons(await whole(TaskScore).filter(summons_id__in=ids))
    templates = await templates_with({score.template_id for found in rows.values() for score in found})
    for case in cases:
        case.scores, case.templates = rows[case.summons.id], templates


async def _read_group_ids(cases: Sequence[Case]) -> None:
    seats = await FollowUpGroupMember.filter(area_id__in=list({case.summons.issuer_id for case in cases}))
    for case in cases:
        case.group_ids = [seat.member_id for seat in seats if seat.area_id == case.summons.issuer_id]


async def _read_followups(cases: Sequence[Case]) -> None:
    rows = await whole(FollowUp).filter(summons_id__in=_ids(cases), state=FollowUpState.PLANNED)
    planned = {row.summons_id: row for row in rows}
    for case in cases:
        case.followup = planned.get(case.summons.id)


READERS: dict[str, Callable[[Sequence[Case]], Awaitable[None]]] = {
    "proposals": _read_proposals,
    "evaluations": _read_evaluations,
    "declines": _read_declines,
    "heads": _read_heads,
    "lines": _read_lines,
    "scores": _read_scores,
    "group_ids": _read_group_ids,
    "followup": _read_followups,
}
