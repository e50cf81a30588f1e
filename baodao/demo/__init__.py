"""The demo, played through the real actions: 佛山市顺德区 from its pilot in August 2022 until today, and two others.

龙里县's four lists and 南充市顺庆区's evaluation are told of the second half of 2022.
"""

import random
from collections.abc import Callable
from datetime import datetime
from functools import partial

from actions.calendars import calendar_for
from baodao.demo import longli, shunqing
from baodao.demo.agenda import Moment, moments, play_all
from baodao.demo.decisions import decisions
from baodao.demo.figures import keep_reported_figures
from baodao.demo.people import enter_people, people_of_shunde
from baodao.demo.places import LONGLI, SHUNQING, enter_areas
from baodao.demo.plan import wishes
from baodao.demo.praise import praise
from baodao.demo.publishing import publications
from baodao.demo.rounds import collection_days, rounds
from baodao.demo.script import Scene
from baodao.demo.short import short_stories
from baodao.demo.stage import Stage, seats_of
from baodao.demo.times import Times
from baodao.demo.units import enter_duties, enter_units
from baodao.demo.written import written_stories
from models import clock
from models.clock import SHANGHAI

EARLIEST_TODAY = datetime(2023, 9, 1, tzinfo=SHANGHAI)
FOUNDED = datetime(2022, 7, 1, 9, 0, tzinfo=SHANGHAI)
SEED = 20230302
SHUNDE_PATH = "44.4406.440606."

Progress = Callable[[str, int, int], None]


def silence(phase: str, done: int, total: int) -> None:
    """For callers who do not want to know."""


async def load(progress: Progress | None = None, today: datetime | None = None) -> None:
    """Fill an empty database, which must be open: the same every time for the same day.

    `progress` is told the phase and how much of it is done. Nothing happens after `today` (default: now); the fresh
    matters are dated back from it. ValueError when it lies before the end of the old story.
    """
    report, now = progress or silence, today or clock.now()
    if now < EARLIEST_TODAY:
        raise ValueError(f"the story goes on until {EARLIEST_TODAY:%Y-%m}, which is after {now}")
    with clock.at(FOUNDED) as time:
        stage = await set_stage(report, now)
        agenda = [
            *moments([*old_stories(stage), *fresh_stories(stage)]),
            *elsewhere(stage),
            *decisions(stage),
            *rounds(stage),
        ]
        await play_all(stage, agenda, time, partial(report, "stories"))
        await keep_reported_figures(stage)


async def set_stage(report: Progress, today: datetime) -> Stage:
    """Enter the places, units and people, who are there from the clock's now on."""
    report("areas", 0, 1)
    await enter_areas()
    report("units", 0, 1)
    units = await enter_units()
    duties = await enter_duties(units)
    report("members", 0, 1)
    actors = await enter_people([*people_of_shunde(), *longli.people(), *shunqing.people()], units)
    return Stage(units, duties, actors, seats_of(actors), await calendar_for(SHUNDE_PATH), today)


def old_stories(stage: Stage) -> list[Scene]:
    """What 顺德 drafted until March 2023; all of it is archived by the summer."""
    draw = random.Random(SEED)
    return [*written_stories(stage, "cases", "acts"), *short_stories(stage, wishes(draw), draw)]


def fresh_stories(stage: Stage) -> list[Scene]:
    """What is under way in 顺德 today, in every state."""
    return list(written_stories(stage, "fresh_cases", "fresh_acts"))


def elsewhere(stage: Stage) -> list[Moment]:
    """What happened in 龙里 and in 南充, both of them in the second half of 2022."""
    return [
        *collection_days(),
        *longli.story(Times(stage.calendar, random.Random(f"{SEED} {LONGLI}"))),
        *publications(),
        *praise(),
        *moments(shunqing.stories(Times(stage.calendar, random.Random(f"{SEED} {SHUNQING}")))),
    ]
