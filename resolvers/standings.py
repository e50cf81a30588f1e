"""Fields about rankings, honours and notices."""

from collections.abc import Callable
from datetime import datetime

from models import Area, Honour, Member, Notice, Publication, RankingEntry, Unit
from policies.scopes import readable
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later, then
from resolvers.lookups import HONOURS_OF_PUBLICATION, PUBLISHED_BY_AREA, RANKING_OF_PUBLICATION
from resolvers.pages import By, Order, Page, page

NEWEST = Order("notices", By("issued_at", datetime, descending=True), By("id", descending=True))
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


def unit(root: RankingEntry | Notice, info: Info) -> Later[Unit | None] | None:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


def grid(root: RankingEntry | Notice, info: Info) -> Later[Area | None] | None:
    return info.context.loaders.areas.find(root.grid_id) if root.grid_id else None


def mean(root: RankingEntry) -> float:
    return root.mean / THOUSAND


def score(root: RankingEntry) -> float | None:
    return None if root.score is None else root.score / THOUSAND


def honours(root: Publication, info: Info) -> Later[list[Honour]]:
    return info.context.loaders.grouped(HONOURS_OF_PUBLICATION).find(root.id)


async def honour_wall(root: Area, info: Info) -> list[Honour]:
    months = await info.context.loaders.grouped(PUBLISHED_BY_AREA).load(root.code)
    ids = [one.id for one in months[:MONTHS_SHOWN]]
    stars = await info.context.loaders.grouped(HONOURS_OF_PUBLICATION).load_many(ids)
    return [one for month in stars for one in month]


def member(root: Honour, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.member_id) if root.member_id else None


async def notices(
    info: Info, area: AreaCode | None = None, first: int | None = None, after: Cursor | None = None
) -> Page[Notice]:
    rows = readable(Notice, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    return await page(info, rows, NEWEST, first, after)


def area(root: Notice, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


async def publication(root: Notice, info: Info) -> Publication | None:
    found = await info.context.loaders.rows_of(Publication).load(root.publication_id)
    assert found is None or isinstance(found, Publication), "of its model"
    return found
