"""Notices (通报) about the last two of a month's ranking, and to the district about who stood there twice in a row."""

from collections.abc import Iterable, Iterator

from actions.ranking import last_places
from actions.record import Record
from models import Area, AreaLevel, Notice, NoticeKind, Publication, PublicationState, RankingEntry
from models.periods import month_before
from policies.actor import Actor
from policies.scopes import whole

REPORTED_FROM = 2
"""Months in a row from which on the district is told."""


async def tell_of_the_last(record: Record, actor: Actor, publication: Publication) -> None:
    """One about each of the last two units and grids, with its event; and, as it may be, another to the district."""
    entries = await RankingEntry.filter(publication_id=publication.id).order_by("id")
    last = [*_last(one for one in entries if one.unit_id), *_last(one for one in entries if one.grid_id)]
    if not last:
        return
    area = await whole(Area).get(code=publication.area_id)
    before = await _occurrences(publication)
    for entry in last:
        occurrence = before.get(entry.unit_id or entry.grid_id, 0) + 1
        notice = _notice(record, NoticeKind.BOTTOM_TWO, area, entry, occurrence)
        await _issue(record, actor, notice, area)
        if occurrence >= REPORTED_FROM and (district := await _district(area)):
            await _issue(
                record, actor, _notice(record, NoticeKind.REPORTED, district, entry, occurrence), district
            )


def _last(entries: Iterable[RankingEntry]) -> Iterator[RankingEntry]:
    ranked = [(one, one.place) for one in entries if one.place is not None]
    worst = last_places([place for _, place in ranked])
    return (one for one, place in ranked if place in worst)


async def _occurrences(publication: Publication) -> dict[str | None, int]:
    """By unit or grid, how often in a row it had stood last by the month before, as the edition that holds tells."""
    before = await whole(Publication).get_or_none(
        area_id=publication.area_id, month=month_before(publication.month), state=PublicationState.PUBLISHED
    )
    if before is None:
        return {}
    told = whole(Notice).filter(publication_id=before.id, kind=NoticeKind.BOTTOM_TWO)
    return {one.unit_id or one.grid_id: one.occurrence for one in await told}


def _notice(record: Record, kind: NoticeKind, area: Area, entry: RankingEntry, occurrence: int) -> Notice:
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
