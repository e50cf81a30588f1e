"""Locked periods: their fields, their list, and the mutation that locks one."""

from datetime import datetime

from actions import score_locks as actions
from models import Area, Member, ScoreLock
from policies.scopes import readable
from resolvers.administration import answer
from resolvers.areas import inside_code
from resolvers.context import Info
from resolvers.cursors import Cursor
from resolvers.ids import AreaCode
from resolvers.later import Later
from resolvers.pages import By, Order, Page, page

NEWEST_FIRST = Order("locks", By("locked_at", datetime, descending=True), By("id", descending=True))


async def score_locks(
    info: Info, area: AreaCode | None = None, first: int | None = None, after: Cursor | None = None
) -> Page[ScoreLock]:
    rows = readable(ScoreLock, info.context.actor)
    if area is not None:
        rows = rows.filter(await inside_code("path", area, info))
    return await page(info, rows, NEWEST_FIRST, first, after)


def area(root: ScoreLock, info: Info) -> Later[Area | None]:
    return info.context.loaders.areas.find(root.area_id)


def locked_by(root: ScoreLock, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.locked_by_id) if root.locked_by_id else None


def scores(root: ScoreLock, info: Info) -> Later[int]:
    return info.context.loaders.scores_of_lock.find(root.id)


lock_scores = answer(actions.NewLock, actions.lock_scores)
