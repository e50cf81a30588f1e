"""Short stories, made up: the everyday matters that fill the period."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import cycle

from baodao.demo.places import JUNAN, SHUNDE, short_name, villages_of
from baodao.demo.plan import LAST_DAY, TIANHU, Wish
from baodao.demo.script import Act, Scene, Story
from baodao.demo.stage import FORMAT, Stage
from baodao.demo.standing import ARRIVALS, standing_of
from baodao.demo.tables import Row, table
from baodao.demo.times import Times
from baodao.demo.written import opening
from models import SummonsCategory, Tier
from models.clock import SHANGHAI

STEMS_OF_TIANHU = ("ZR", "ZF", "CJ", "XW", "SJ", "SF", "GD", "YA", "GF")
STARTS = {"overdue": (date(2022, 12, 1), date(2023, 2, 15)), "open": (date(2023, 2, 13), LAST_DAY)}
"""First and last day of drafting; the resolved ones begin when their town does."""
LAST_START = date(2023, 2, 27)
IN_HASTE, HASTE = ("plain", "on the spot"), 0.6
FOR_PAIRS = (*IN_HASTE, "in two steps", "with progress")
KEY_SHARE, APPOINTED, CONFIRMED = 0.08, 0.7, 0.85


def short_stories(stage: Stage, wishes: Iterable[Wish], draw: random.Random) -> Iterator[Scene]:
    """For each wish one story that stands as wished at the end of the period."""
    times, stems = Times(stage.calendar, draw), cycle(STEMS_OF_TIANHU)
    for wish in wishes:
        matter = _matter(draw, next(stems) if wish.issuer == TIANHU else None)
        story = _story(draw, wish.issuer, matter)
        rows = _template(draw, story, wish.standing)
        acts: list[Act] = []
        while standing_of(acts, story.tier, stage.calendar) != wish.standing:
            acts = _acts(times, story, rows, wish, matter)
        yield from ((story, act) for act in acts)


def _matter(draw: random.Random, stem: str | None) -> Row:
    return draw.choice([row for row in table("matters") if stem in (None, row["units"])])


def _story(draw: random.Random, issuer: str, matter: Row) -> Story:
    village = next(row for row in villages_of(SHUNDE) if row["code"] == issuer)
    town = next(row for row in table("towns") if row["code"] == issuer[:9])
    stems = matter["units"].split("+")
    units = tuple(f"U-{stem}" if "-" in stem else f"U-{stem}-{town['short']}" for stem in stems)
    place = draw.choice(table("places"))["place"]
    title = short_name(village["name"]) + matter["title"].format(place=place)
    return Story(
        issuer=issuer,
        title=title,
        text=f"群众反映集中,经两委集体研究,拟约请到场解决:{title}。",
        category=SummonsCategory(matter["category"]),
        tier=Tier.KEY if draw.random() < KEY_SHARE else Tier.NORMAL,
        units=units,
        lead=units[0] if len(units) > 1 else None,
    )


def _template(draw: random.Random, story: Story, standing: str) -> list[Row]:
    names = {row["story"]: int(row["weight"]) for row in table("templates") if row["weight"]}
    if story.tier == Tier.KEY:
        names = {name: names[name] for name in IN_HASTE}
    elif story.lead:
        names = {name: names[name] for name in FOR_PAIRS}
    [name] = draw.choices(list(names), list(names.values()))
    chosen = standing if standing == "overdue" else name
    return [row for row in table("templates") if row["story"] == chosen and row["action"] != "open"]


def _acts(times: Times, story: Story, rows: list[Row], wish: Wish, matter: Row) -> list[Act]:
    """From the draft to the last score. The lead unit's result waits for the others'."""
    town = next(row for row in table("towns") if row["code"] == story.issuer[:9])
    first, last = STARTS.get(wish.standing, (date.fromisoformat(town["from"]), LAST_START))
    acts = opening(story.issuer, times.at_the_desk(first, last), times.pause())
    issued, result = acts[-1].at, acts[-1].at
    story.appointment = times.visit(issued) if times.draw.random() < APPOINTED else None
    for unit in reversed(story.units):
        acts += _acts_of_unit(times, story, rows, unit, issued, result, matter)
        result = max(act.at for act in acts if act.action == "submitResult")
    return acts + _follow_up(times, story, acts)


def _acts_of_unit(
    times: Times, story: Story, rows: list[Row], unit: str, issued: datetime, result: datetime, matter: Row
) -> Iterator[Act]:
    at, visit = issued, story.appointment
    pace = HASTE if story.tier == Tier.KEY else 1.0
    for row in rows:
        action, more = row["action"], {}
        if action in ARRIVALS:
            at = times.arrival(at, visit)
        else:
            at = times.later(at, int(row["earliest"]) * pace, int(row["latest"]) * pace)
        if action == "submitResult":
            at = max(at, result)
        if action == "proposeReschedule":
            visit = times.visit(at)
            more = {"from": visit.astimezone(SHANGHAI).strftime(FORMAT)}
        if action == "checkIn":
            more = {"code": "yes"}
        words = row["words"] or (matter["result"] if action == "submitResult" else "")
        yield Act(at, row["by"], action, unit, words, more)


def _follow_up(times: Times, story: Story, acts: list[Act]) -> list[Act]:
    """均安 follows up what concerns land; now and then nobody does it in time."""
    scored = [act.at for act in acts if act.action == "evaluate"]
    asked = story.issuer.startswith(JUNAN) and story.category == SummonsCategory.LAND_AND_CONSTRUCTION
    if not (asked and scored and times.draw.random() < CONFIRMED):
        return []
    return [
        Act(times.later(max(scored), 420, 3000), "secretary", "followupConfirmed", words="已回访,群众满意")
    ]
