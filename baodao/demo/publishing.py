"""What 冠山街道 and its communities publish of the last months of 2022 (晒单), and what a resident has against it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from actions.given import Given
from actions.publications import draft_publication
from actions.take_step import take_step
from baodao.demo.agenda import Moment
from baodao.demo.places import GUANSHAN, communities
from baodao.demo.stage import Stage
from models import Publication
from models.clock import SHANGHAI
from policies.scopes import whole

MONTHS = (date(2022, 9, 1), date(2022, 10, 1), date(2022, 11, 1), date(2022, 12, 1))
OF_COMMUNITIES = MONTHS[-2:]
"""The communities began to publish by themselves later than their town."""
TO_OPEN, TO_OBJECT, TO_ANSWER = timedelta(hours=2), timedelta(hours=26), timedelta(hours=30)
OBJECTION, ANSWER = (
    "本月我家门前的便民维修好像没有算进去",
    "经核对，该单于次月验收，计入次月，本月数字无误",
)


def publications() -> Iterator[Moment]:
    """Each month is drafted on the fifth day of the next; when nobody objects it becomes public by itself."""
    for month in MONTHS:
        yield from _publication("guanshan.coordinator", GUANSHAN, month)
    for month in OF_COMMUNITIES:
        for village in communities():
            yield from _publication(f"v{village['code']}.secretary", village["code"], month)
    yield from _objection(communities()[0]["code"], OF_COMMUNITIES[0])


def _publication(by: str, area: str, month: date) -> Iterator[Moment]:
    drafted = _drafted(month)
    yield drafted, partial(_draft, by, area, month)
    yield drafted + TO_OPEN, partial(_step, by, "invite", area, month, Given())


def _drafted(month: date) -> datetime:
    year, number = divmod(month.month, 12)
    return datetime(month.year + year, number + 1, 5, 10, tzinfo=SHANGHAI)


def _objection(area: str, month: date) -> Iterator[Moment]:
    drafted = _drafted(month)
    yield (
        drafted + TO_OBJECT,
        partial(_step, "guanshan.resident", "object", area, month, Given(text=OBJECTION)),
    )
    answer = Given(text=ANSWER, objection_number=1)
    yield drafted + TO_ANSWER, partial(_step, f"v{area}.secretary", "answerObjection", area, month, answer)


async def _draft(by: str, area: str, month: date, stage: Stage) -> None:
    await draft_publication(stage.actors[by], Given(area=area, month=month))


async def _step(by: str, action: str, area: str, month: date, given: Given, stage: Stage) -> None:
    publication = await whole(Publication).get(area_id=area, month=month)
    await take_step(stage.actors[by], "publication", (action,), publication.id, given)
