"""Requests of the demo: what becomes of one, step by step, through the real actions."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from functools import partial

from actions.given import Given
from actions.menus import NewCategory, create_category
from actions.requests import create_request
from actions.take_step import take_step
from baodao.demo.agenda import Moment, play
from baodao.demo.givens import given_for
from baodao.demo.places import LONGLI
from baodao.demo.script import Act, Story
from baodao.demo.short import Telling, template
from baodao.demo.stage import Stage
from baodao.demo.times import Times
from models import (
    Channel,
    Inspection,
    MatterClass,
    Outcome,
    Request,
    RequestCategory,
    SummonsCategory,
    Tier,
    WorkOrder,
    clock,
)
from policies.scopes import whole

BUREAUS = {"环境整治": "CG", "便民维修": "ZJ", "事务代办": "ZR"}
UNHEARD = {Channel.BOX, Channel.MASS_MEETING, Channel.REP_MEETING}
"""Ways to say something without one's name."""
BIG_GRID_DIGITS = 15
NOT_NEEDED = "诉求人已自行解决，经核实取消派单"


class Way(Enum):
    """What becomes of a request."""

    ANSWERED = auto()
    TRANSFERRED = auto()
    SUMMONED = auto()
    DONE = auto()
    UNCLAIMED = auto()
    CANCELLED = auto()


@dataclass(slots=True)
class Plea:
    """One request: what it says, with codes for places; and, once it is played, its ids. `taker` takes the order."""

    village: str
    grid: str
    channel: Channel
    matter_class: MatterClass
    category: str
    text: str
    answer: str
    result: str
    way: Way
    at: datetime
    taker: str = ""
    request_id: str = ""
    order_id: str = ""

    @property
    def chief(self) -> str:
        return f"g{self.grid}.leader"

    @property
    def cadre(self) -> str:
        return f"v{self.village}.cadre"

    @property
    def secretary(self) -> str:
        return f"v{self.village}.secretary"

    @property
    def bureau(self) -> str:
        return f"U-{BUREAUS[self.category]}-{LONGLI}"


async def enter_menu(village: str, names: list[str], stage: Stage) -> None:
    """The categories that the village offers (菜单)."""
    for name in names:
        await create_category(stage.actors[f"v{village}.cadre"], NewCategory(village, name))


def moments_of(plea: Plea, times: Times) -> Iterator[Moment]:
    """Who does what about it, and when: minutes are working time."""
    at = plea.at
    yield at, partial(_create, plea)
    if plea.way == Way.SUMMONED:
        yield from _story_of(plea, times)
    for earliest, latest, do in WAYS.get(plea.way, ()):
        at = times.later(at, earliest, latest)
        yield at, partial(do, plea)


def _story_of(plea: Plea, times: Times) -> Iterator[Moment]:
    """It becomes a summons, whose outcome comes back to it."""
    story = Story(
        issuer=plea.village,
        title=plea.text,
        text=f"群众反映：{plea.text}。经两委集体研究，拟约请到场解决。",
        category=SummonsCategory.LIVING_ENVIRONMENT,
        tier=Tier.NORMAL,
        units=(plea.bureau,),
    )
    telling = Telling(times, story, template("plain"), plea.result)
    drafted, *acts = telling.acts(times.later(plea.at, 30, 200))
    yield drafted.at, partial(_summon, plea, story, drafted)
    yield from ((act.at, partial(play, story, act)) for act in acts)


async def _summon(plea: Plea, story: Story, drafted: Act, stage: Stage) -> None:
    given = await given_for(stage, story, drafted)
    await _step(plea, stage, plea.cadre, "summon", replace(given, area=None, issuer=None))
    story.summons_id = (await whole(Request).get(id=plea.request_id)).summons_id or ""


async def _create(plea: Plea, stage: Stage) -> None:
    """By the chief of the grid, who hears of it; on a collection day by the cadre who holds the session."""
    category = await whole(RequestCategory).get(area_id=plea.village, name=plea.category)
    given = Given(
        area=plea.grid,
        text=plea.text,
        channel=plea.channel,
        matter_class=plea.matter_class,
        category_id=category.id,
        anonymous=plea.channel in UNHEARD,
        inspection=await _session(plea),
    )
    by = plea.chief if given.inspection is None else plea.cadre
    plea.request_id = (await create_request(stage.actors[by], given)).object_id


async def _session(plea: Plea) -> str | None:
    """Of today, in the big grid around."""
    if plea.channel != Channel.COLLECTION_DAY:
        return None
    there = whole(Inspection).filter(area_id=plea.grid[:BIG_GRID_DIGITS])
    return (await there.get(due_day=clock.local_date(clock.now()))).id


async def _step(plea: Plea, stage: Stage, login: str, action: str, given: Given) -> None:
    await take_step(stage.actors[login], "request", (action,), plea.request_id, given)


async def _step_of_order(plea: Plea, stage: Stage, login: str, action: str, given: Given) -> None:
    await take_step(stage.actors[login], "order", (action,), plea.order_id, given)


async def _answer(plea: Plea, stage: Stage) -> None:
    await _step(plea, stage, plea.chief, "answer", Given(text=plea.answer))


async def _transfer(plea: Plea, stage: Stage) -> None:
    given = Given(unit=stage.units[plea.bureau].id, reason=plea.answer)
    await _step(plea, stage, plea.cadre, "transfer", given)


async def _complete(plea: Plea, stage: Stage) -> None:
    await _step(plea, stage, plea.cadre, "complete", Given(outcome=Outcome.RESOLVED, text=plea.result))


async def _dispatch(plea: Plea, stage: Stage) -> None:
    """For whoever claims it."""
    await _step(plea, stage, plea.cadre, "dispatch", Given(text=plea.answer))
    plea.order_id = (await whole(WorkOrder).get(request_id=plea.request_id)).id


async def _claim(plea: Plea, stage: Stage) -> None:
    await _step_of_order(plea, stage, plea.taker, "claim", Given())


async def _do(plea: Plea, stage: Stage) -> None:
    await _step_of_order(plea, stage, plea.taker, "complete", Given(text=plea.result))


async def _verify(plea: Plea, stage: Stage) -> None:
    await _step_of_order(plea, stage, plea.secretary, "verify", Given())


async def _cancel(plea: Plea, stage: Stage) -> None:
    await _step_of_order(plea, stage, plea.cadre, "cancel", Given(reason=NOT_NEEDED))


WAYS: dict[Way, tuple[tuple[int, int, Callable[[Plea, Stage], Awaitable[None]]], ...]] = {
    Way.ANSWERED: ((5, 300, _answer),),
    Way.TRANSFERRED: ((30, 400, _transfer), (500, 2200, _complete)),
    Way.DONE: ((20, 400, _dispatch), (10, 800, _claim), (60, 1800, _do), (30, 700, _verify)),
    Way.UNCLAIMED: ((20, 400, _dispatch), (1270, 1400, _answer)),
    Way.CANCELLED: ((20, 400, _dispatch), (60, 700, _cancel), (20, 300, _answer)),
}
