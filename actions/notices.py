"""Notices (通报) about the last two of a month's ranking, and to the district about who stood there twice in a row."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from actions.ranking import last_places
from actions.record import Record
from models import Area, AreaLevel, Notice, NoticeKind, Publication, PublicationState, RankingEntry
from models.periods import ONE_DAY, month_before, month_of
from policies.actor import Actor
from policies.scopes import whole

REPORTED_FROM = 2
"""Months in a row from which on the district is told."""


async def tell_of_the_last(record: Record, actor: Actor, publication: Publication) -> None:
    """One about each of the last two units and grids, with its event; and, as it may be, another to the district.

    Months after it that were public before go on from it: their notices are counted anew.
    """
    area = await whole(Area).select_for_update(no_key=True).get(code=publication.area_id)
    await _issue_of(record, actor, area, publication)
    await _count_on(record, actor, area, publication)


async def _issue_of(record: Record, actor: Actor, area: Area, publication: Publication) -> None:
    entries = await RankingEntry.filter(publication_id=publication.id).order_by("id")
    last = [*_last(one for one in entries if one.unit_id), *_last(one for one in entries if one.grid_id)]
    before = await _occurrences(await _holding(area, month_before(publication.month))) if last else {}
    for entry in last:
        occurrence = before.get(entry.unit_id or entry.grid_id, 0) + 1
        notice = _notice(record, NoticeKind.BOTTOM_TWO, area, entry, occurrence)
        await _issue(record, actor, notice, area)
        await _report(record, actor, area, notice)


async def _report(record: Record, actor: Actor, area: Area, notice: Notice) -> None:
    if notice.occurrence >= REPORTED_FROM and (district := await _district(area)):
        reported = _notice(record, NoticeKind.REPORTED, district, notice, notice.occurrence)
        await _issue(record, actor, reported, district)


async def _count_on(record: Record, actor: Actor, area: Area, publication: Publication) -> None:
    """As far as there is a month after each, and anything changes in it."""
    changed = True
    while changed:
        following = await _holding(area, month_of(publication.month).last + ONE_DAY)
        before = await _occurrences(publication)
        changed = following is not None and await _recount(record, actor, area, following, before)
        publication = following or publication


async def _recount(
    record: Record, actor: Actor, area: Area, publication: Publication, before: Mapping[str | None, int]
) -> bool:
    """Whether any of its notices counted otherwise. The one to the district changes with it, or is issued now."""
    changed = False
    for notice in await _told_of(publication, NoticeKind.BOTTOM_TWO):
        occurrence = before.get(notice.unit_id or notice.grid_id, 0) + 1
        if occurrence == notice.occurrence:
            continue
        changed = True
        await _put_right(record, actor, area, notice, occurrence)
        reported = [one for one in await _told_of(publication, NoticeKind.REPORTED) if _same(one, notice)]
        for one in reported:
            await _put_right(record, actor, await whole(Area).get(code=one.area_id), one, occurrence)
        if not reported:
            await _report(record, actor, area, notice)
    return changed


def _same(one: Notice, other: Notice) -> bool:
    return (one.unit_id, one.grid_id) == (other.unit_id, other.grid_id)


async def _put_right(record: Record, actor: Actor, area: Area, notice: Notice, occurrence: int) -> None:
    record.watch(notice)
    notice.occurrence = occurrence
    record.tell_of_admin(notice, "notice.recounted", actor, area, occurrence=occurrence)
    await notice.save(update_fields=["occurrence", "version"])


def _last(entries: Iterable[RankingEntry]) -> Iterator[RankingEntry]:
    ranked = [(one, one.place) for one in entries if one.place is not None]
    worst = last_places([place for _, place in ranked])
    return (one for one, place in ranked if place in worst)


async def _holding(area: Area, month: date) -> Publication | None:
    """The edition of the month that holds."""
    return await whole(Publication).get_or_none(
        area_id=area.code, month=month, state=PublicationState.PUBLISHED
    )


async def _occurrences(publication: Publication | None) -> dict[str | None, int]:
    """By unit or grid, how often in a row it had stood last by that month."""
    told = await _told_of(publication, NoticeKind.BOTTOM_TWO) if publication else []
    return {one.unit_id or one.grid_id: one.occurrence for one in told}


async def _told_of(publication: Publication, kind: NoticeKind) -> list[Notice]:
    return await whole(Notice).filter(publication_id=publication.id, kind=kind).order_by("id")


def _notice(
    record: Record, kind: NoticeKind, area: Area, entry: RankingEntry | Notice, occurrence: int
) -> Notice:
    return Notice(
        kind=kind,
        publication_id=entry.publication_id,
        area_id=area.code,
        path=area.path,
        unit_id=entry.unit_id,
        grid_id=entry.grid_id,
        occurrence=occurrence,
        issued_at=record.now,
    )


EVENTS = {NoticeKind.BOTTOM_TWO: "notice.issued", NoticeKind.REPORTED: "notice.reported"}


async def _issue(record: Record, actor: Actor, notice: Notice, area: Area) -> None:
    record.tell_of_admin(notice, EVENTS[notice.kind], actor, area, occurrence=notice.occurrence)
    await notice.save(force_create=True)


async def _district(area: Area) -> Area | None:
    """At or above the area; none where there is no district."""
    codes = [*area.ancestor_codes, area.code]
    return await whole(Area).get_or_none(code__in=codes, level=AreaLevel.DISTRICT)
