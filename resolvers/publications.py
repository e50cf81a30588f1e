"""Fields about publications and objections, and the lists of publications."""

from datetime import date, datetime

from strawberry import ID

from actions.given import Given
from actions.publications import draft_publication as draft
from models import Area, CorrectionReason, Member, MetricSnapshot, Objection, Publication
from models.periods import month_of
from policies.scopes import readable
from resolvers.areas import inside_code
from resolvers.changes import Changed, Said, left_by, made, read
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode, key_of
from resolvers.later import Later, then
from resolvers.loaders import present
from resolvers.lookups import CORRECTION_OF_PUBLICATION, OBJECTIONS_OF_PUBLICATION
from resolvers.pages import By, Order, Page, page

MOST_OBJECTIONS = 200
NEWEST = Order("publications", By("created_at", datetime, descending=True), By("id", descending=True))


async def publication(info: Info, id: ID) -> Publication | None:
    return await _one(info, key_of(id, Publication, "id"))


async def _one(info: Info, id: str) -> Publication | None:
    found = await info.context.loaders.rows_of(Publication).load(id)
    assert found is None or isinstance(found, Publication), "of its model"
    return found


async def publications(
    info: Info,
    area: AreaCode | None = None,
    month: date | None = None,
    first: int | None = None,
    after: Cursor | None = None,
) -> Page[Publication]:
    rows = readable(Publication, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    if month is not None:
        rows = rows.filter(month=month_of(month).first)
    return await page(info, rows, NEWEST, first, after)


def area(root: Publication, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


async def corrects(root: Publication, info: Info) -> Publication | None:
    return await _one(info, root.corrects_id) if root.corrects_id else None


def corrected_by(root: Publication, info: Info) -> Later[Publication | None]:
    return then(
        info.context.loaders.grouped(CORRECTION_OF_PUBLICATION).find(root.id),
        lambda found: next(iter(found), None),
    )


def cause(root: Publication) -> CorrectionReason | None:
    return root.cause if root.corrects_id else None


async def figures(root: Publication, info: Info) -> list[MetricSnapshot]:
    """As they are part of it, whoever may read the figures of the area."""
    return present(await info.context.loaders.published_figures.load_many(root.figures))


def objections(root: Publication, info: Info) -> Later[list[Objection]]:
    found = info.context.loaders.grouped(OBJECTIONS_OF_PUBLICATION).find(root.id)
    return then(found, lambda rows: rows[:MOST_OBJECTIONS])


def created_by(root: Publication, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.created_by_id) if root.created_by_id else None


def objector(root: Objection, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.member_id) if root.member_id else None


async def draft_publication(info: Info, said: Said) -> Changed:
    return await left_by(info, await draft(info.context.actor, made(Given, read(said))))
