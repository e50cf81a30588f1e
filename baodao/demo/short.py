"""Short stories, made up: the everyday matters that fill the period."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import cycle

from baodao.demo.places import FOLLOWED_UP, JUNAN, SHUNDE, short_name, villages_of
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
        telling = Telling(times, story, _template(draw, story, wish.standing), matter["result"])
        acts: list[Act] = []
        while standing_of(acts, story.tier, stage.calendar) != wish.standing:
            acts = telling.acts(times.at_the_desk(*_starts(wish)))
        yield from ((story, act) for act in acts)


def _starts(wish: Wish) -> tuple[date, date]:
    """First and last day of drafting; what is resolved at the end may have begun when its town did."""
    return STARTS.get(wish.standing, (date.fromisoformat(_town(wish.issuer)["from"]), LAST_START))


def _town(village: str) -> Row:
    return next(row for row in table("towns") if row["code"] == village[:9])


def _matter(draw: random.Random, stem: str | None) -> Row:
    return draw.choice([row for row in table("matters") if stem in (None, row["units"])])


def _story(draw: random.Random, issuer: str, matter: Row) -> Story:
    village = next(row for row in villages_of(SHUNDE) if row["code"] == issuer)
    town, stems = _town(issuer), matter["units"].split("+")
    units = tuple(f"U-{stem}" if "-" in stem else f"U-{stem}-{town['short']}" for stem in stems)
    place = draw.choice(table("places"))["place"]
    title = short_name(village["name"]) + matter["title"].format(place=place)
    return Story(
        issuer=issuer,
        title=title,
        text=f"群众反映集中，经两委集体研究，拟约请到场解决：{title}。",
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
    return template(standing if standing == "overdue" else name)


def template(name: str) -> list[Row]:
    """The rows after the opening."""
    return [row for row in table("templates") if row["story"] == name and row["action"] != "open"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One way to tell a story: the rows of its template, and what the units say in the end."""

    times: Times
    story: Story
    rows: list[Row]
    result: str

    def acts(self, drafted: datetime) -> list[Act]:
        """From the draft to the last score, drawn anew each time. The lead unit's result waits for the others'."""
        acts = opening(self.story.issuer, drafted, self.times.pause())
        issued = done = acts[-1].at
        self.story.appointment = self.times.visit(issued) if self.draw() < APPOINTED else None
        for unit in reversed(self.story.units):
            acts += self._acts_of(unit, issued, done)
            done = max(act.at for act in acts if act.action == "submitResult")
        return acts + self._follow_up(acts)

    def draw(self) -> float:
        return self.times.draw.random()

    def _acts_of(self, unit: str, at: datetime, done: datetime) -> Iterator[Act]:
        visit = self.story.appointment
        for row in self.rows:
            action, words, more = row["action"], row["words"], {}
            at = self.times.arrival(at, visit) if action in ARRIVALS else self._later(at, row)
            if action == "submitResult":
                at, words = max(at, done), words or self.result
            elif action == "proposeReschedule":
                visit = self.times.visit(at)
                more = {"from": visit.astimezone(SHANGHAI).strftime(FORMAT)}
            elif action == "checkIn":
                more = {"code": "yes"}
            yield Act(at, row["by"], action, unit, words, more)

    def _later(self, at: datetime, row: Row) -> datetime:
        pace = HASTE if self.story.tier == Tier.KEY else 1.0
        return self.times.later(at, int(row["earliest"]) * pace, int(row["latest"]) * pace)

    def _follow_up(self, acts: list[Act]) -> list[Act]:
        """均安 follows up what concerns land; now and then nobody does it in time."""
        scored = [act.at for act in acts if act.action == "evaluate"]
        asked = self.story.issuer.startswith(JUNAN) and self.story.category == FOLLOWED_UP
        if not (asked and scored and self.draw() < CONFIRMED):
            return []
        at = self.times.later(max(scored), 420, 3000)
        return [Act(at, "secretary", "followupConfirmed", words="已回访，群众满意")]
