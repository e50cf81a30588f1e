"""Fields about notices, and the list of them."""

from datetime import datetime

from actions.available import Available
from actions.notices_by_hand import NewNotice, NoticeDecision, decide_notice, issue_notice
from models import Area, Member, Notice, Publication, Summons, Task, Unit
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST = Order("notices", By("issued_at", datetime, descending=True), By("id", descending=True))


async def notices(
    info: Info, area: AreaCode | None = None, first: int | None = None, after: Cursor | None = None
) -> Page[Notice]:
    rows = readable(Notice, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    return await page(info, rows, NEWEST, first, after)


def area(root: Notice, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def unit(root: Notice, info: Info) -> Later[Unit | None] | None:
    return info.context.loaders.units.find(root.unit_id) if root.unit_id else None


def subject(root: Notice, info: Info) -> Later[Area | None] | None:
    return info.context.loaders.areas.find(root.grid_id) if root.grid_id else None


async def publication(root: Notice, info: Info) -> Publication | None:
    if root.publication_id is None:
        return None
    found = await info.context.loaders.rows_of(Publication).load(root.publication_id)
    assert found is None or isinstance(found, Publication), "of its model"
    return found


def summons(root: Notice, info: Info) -> Later[Summons | None] | None:
    return info.context.loaders.summonses.find(root.summons_id) if root.summons_id else None


def task(root: Notice, info: Info) -> Later[Task | None] | None:
    return info.context.loaders.tasks.find(root.task_id) if root.task_id else None


def issued_by(root: Notice, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.issued_by_id) if root.issued_by_id else None


def decided_by(root: Notice, info: Info) -> Later[Member | None] | None:
    return info.context.loaders.members.find(root.decided_by_id) if root.decided_by_id else None


def available_actions(root: Notice, info: Info) -> Later[list[Available]]:
    return info.context.loaders.available_on_notices.find(root)


issue = answer(NewNotice, issue_notice)
decide = answer(NoticeDecision, decide_notice)
