"""Fields about rankings and honours."""

from collections.abc import Callable

from actions.honours import NewHonour, honour_member
from models import Area, Honour, Member, Publication, RankingEntry, Unit
from resolvers.administration import answer
from resolvers.context import Info
from resolvers.later import Later, then
from resolvers.lookups import (
    HONOURS_BY_HAND,
    HONOURS_OF_PUBLICATION,
    PUBLISHED_BY_AREA,
    RANKING_OF_PUBLICATION,
)

MOST_RANKED, MONTHS_SHOWN, THOUSAND = 1_000, 12, 1_000


def unit_ranking(root: Publication, info: Info) -> Later[list[RankingEntry]]:
    return _ranked(root, info, lambda row: row.unit_id is not None)


def grid_ranking(root: Publication, info: Info) -> Later[list[RankingEntry]]:
    return _ranked(root, info, lambda row: row.grid_id is not None)


def _ranked(
    root: Publication, info: Info, wanted: Callable[[RankingEntry], bool]
) -> Later[list[RankingEntry]]:
    found = info.context.loaders.grouped(RANKING_OF_PUBLICATION).find(root.id)
    return then(found, lambda rows: in_order([row for row in rows if wanted(row)]))


def in_order(rows: list[RankingEntry]) -> list[RankingEntry]:
    """Best first, then those that are not ranked, by name."""
    return sorted(rows, key=lambda row: (row.place is None, row.place, row.name, row.id))[:MOST_RANKED]


def unit(root: RankingEntry, info: Info) -> Later[Unit | None] | None:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


def grid(root: RankingEntry, info: Info) -> Later[Area | None] | None:
    return info.context.loaders.areas.find(root.grid_id) if root.grid_id else None


def mean(root: RankingEntry) -> float:
    return root.mean / THOUSAND


def score(root: RankingEntry) -> float | None:
    return None if root.score is None else root.score / THOUSAND


def honours(root: Publication, info: Info) -> Later[list[Honour]]:
    return info.context.loaders.grouped(HONOURS_OF_PUBLICATION).find(root.id)


def honoured_by(root: Honour, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.honoured_by_id) if root.honoured_by_id else None


honour = answer(NewHonour, honour_member)


async def honour_wall(root: Area, info: Info) -> list[Honour]:
    """Who was honoured by hand before the ranking of that month made them a star is shown as that alone."""
    loaders = info.context.loaders
    editions = (await loaders.grouped(PUBLISHED_BY_AREA).load(root.code))[:MONTHS_SHOWN]
    starred = await loaders.grouped(HONOURS_OF_PUBLICATION).load_many([one.id for one in editions])
    stars = [one for month in starred for one in month]
    known = {(one.member_id, one.month) for one in stars}
    others = await loaders.grouped(HONOURS_BY_HAND).load(root.path)
    by_hand = [one for one in others if (one.member_id, one.month) not in known]
    months = {one.month for one in editions} | {one.month for one in by_hand}
    shown = sorted(months, reverse=True)[:MONTHS_SHOWN]
    everybody: list[Honour] = [*stars, *by_hand]
    return [one for month in shown for one in everybody if one.month == month]


def member(root: Honour, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.member_id) if root.member_id else None
