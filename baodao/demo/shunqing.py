"""南充's 顺庆区: villages call agencies that a town commands, and the town has half of the say in their scores."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle, islice

from baodao.demo.people import Person, officials_of
from baodao.demo.places import BEICHENG, short_name, villages_of
from baodao.demo.script import Act, Scene, Story
from baodao.demo.short import Telling, template
from baodao.demo.tables import table
from baodao.demo.times import Times
from models import SummonsCategory, Tier

MATTERS, DISSATISFIED = 47, (11, 30)
"""45 of 47 are satisfied: 95.7 %."""
FIRST_DAY, LAST_DAY = date(2022, 9, 1), date(2022, 11, 30)
POOR, WHY_POOR = "70/75/62/45", "问题虽已处理，群众仍不满意"


def people() -> Iterator[Person]:
    """The staff of the agencies comes with their units."""
    yield Person(
        "beicheng.coordinator", "北城街道统筹专员", "", BEICHENG, "统筹专员", 1, ("town_coordinator",)
    )
    for village in villages_of(BEICHENG):
        yield from officials_of(village)


def stories(times: Times) -> Iterator[Scene]:
    """Each is told to its end, which is that the village and the town have scored the agency."""
    agencies = {row["code"].split("-")[1]: row["code"] for row in table("agencies")}
    matters = [row for row in table("matters") if row["units"] in agencies]
    for number, village in enumerate(islice(cycle(villages_of(BEICHENG)), MATTERS)):
        row, place = times.draw.choice(matters), times.draw.choice(table("places"))["place"]
        title = short_name(village["name"]) + row["title"].format(place=place)
        story = Story(
            issuer=village["code"],
            title=title,
            text=f"群众反映集中，经两委集体研究，拟约请派驻机构到场解决：{title}。",
            category=SummonsCategory(row["category"]),
            tier=Tier.NORMAL,
            units=(agencies[row["units"]],),
        )
        acts = Telling(times, story, template("plain"), row["result"]).acts(
            times.at_the_desk(FIRST_DAY, LAST_DAY)
        )
        yield from ((story, act) for act in _scored(times, acts, number in DISSATISFIED))


def _scored(times: Times, acts: list[Act], poorly: bool) -> Iterator[Act]:
    """By the village, and by the town half a day later."""
    for act in acts:
        if act.action != "evaluate":
            yield act
            continue
        if poorly:
            act = replace(act, words=WHY_POOR, more={"scores": POOR})
        yield act
        yield replace(act, at=times.later(act.at, 30, 400), by="coordinator", action="submitTown")
