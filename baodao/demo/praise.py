"""Whom a community of 冠山街道 honours beside its three stars, and what the street praises it for."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from actions.honours import NewHonour, honour_member
from actions.notices_by_hand import NewNotice, issue_notice
from baodao.demo.agenda import Moment
from baodao.demo.places import communities
from baodao.demo.stage import Stage
from models import Area, FlagEntry, Honour, NoticeKind, subtree
from models.clock import SHANGHAI
from models.periods import month_of
from policies.scopes import whole

MONTH = date(2022, 11, 1)
GROUND = "雨夜挨家挨户提醒住户转移车辆"
PRAISE = "十一月群众点单件件有回音，予以通报表扬"


def praise() -> Iterator[Moment]:
    """When the stars of the month have been public for some days."""
    first = communities()[0]["code"]
    yield datetime(2022, 12, 20, 10, tzinfo=SHANGHAI), partial(_honour, first)
    yield datetime(2022, 12, 20, 15, tzinfo=SHANGHAI), partial(_praise, first)


async def _honour(area: str, stage: Stage) -> None:
    """Who earned a flag first that month and is no star of it."""
    actor, month = stage.actors[f"v{area}.secretary"], month_of(MONTH)
    stars = await whole(Honour).filter(month=MONTH).values_list("member_id", flat=True)
    start, end = subtree((await whole(Area).get(code=area)).path)
    earned = whole(FlagEntry).filter(
        path__gte=start, path__lt=end, at__gte=month.start, at__lte=month.closing
    )
    flag = await earned.exclude(member_id__in=list(stars)).order_by("at", "id").first()
    assert flag is not None, "more have earned one than are stars"
    await honour_member(actor, NewHonour(area, flag.member_id, MONTH, GROUND))


async def _praise(area: str, stage: Stage) -> None:
    await issue_notice(stage.actors["guanshan.coordinator"], NewNotice(NoticeKind.PRAISE, area, PRAISE))
