"""龙里's four lists (四单): what residents of nine communities asked for in four months of 2022, and who saw to it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, cycle, islice

from baodao.demo.agenda import Moment
from baodao.demo.people import Person, officials_of
from baodao.demo.places import GUANSHAN, communities, short_name, small_grids
from baodao.demo.pleas import Plea, Way, enter_menu, moments_of
from baodao.demo.rounds import COLLECTION_DAYS
from baodao.demo.tables import Row, table
from baodao.demo.times import Times
from models import Channel, MatterClass
from models.clock import SHANGHAI

CLASSES = {MatterClass.PUBLIC: 87, MatterClass.COMMUNITY: 578, MatterClass.FAMILY: 695}
ORDERS = {MatterClass.COMMUNITY: 300, MatterClass.FAMILY: 200}
VERIFIED = 450
SUMMONED = 6
MEMBERS = 395
CHANNELS = {
    Channel.COLLECTION_DAY: 600,
    Channel.VISIT: 300,
    Channel.MASS_MEETING: 120,
    Channel.WALK_IN: 100,
    Channel.REP_MEETING: 90,
    Channel.WECHAT: 64,
    Channel.BOX: 56,
    Channel.HOTLINE_12345: 30,
}
FIRST_DAY, LAST_DAY = date(2022, 9, 1), date(2022, 12, 14)
"""Whatever comes in until then is seen to in the same year."""
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"


def people() -> Iterator[Person]:
    """Officials, a chief for each small grid, and the members who take orders."""
    yield Person(
        "guanshan.coordinator", "冠山街道统筹专员", "", GUANSHAN, "统筹专员", 1, ("town_coordinator",)
    )
    for village in communities():
        yield from officials_of(village)
        name = short_name(village["name"])
        for code, grid in small_grids()[village["code"]]:
            yield Person(f"g{code}.leader", f"{name}{grid}网格长", "", code, "网格长", 1, ("grid_leader",))
    first = communities()[0]["code"]
    yield Person("guanshan.resident", "冠山社区居民", "", first, "", 0, ("resident",))
    for number, village in enumerate(islice(cycle(communities()), MEMBERS)):
        surname = SURNAMES[number % len(SURNAMES)]
        yield Person(
            login_of_member(number),
            f"{surname}同志",
            "",
            village["code"],
            "",
            0,
            ("registered_party_member",),
        )


def login_of_member(number: int) -> str:
    return f"longli{number + 1:03d}.member"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What becomes of a request, before it is known what it is about."""

    matter_class: MatterClass
    way: Way


def pleas(times: Times) -> list[Plea]:
    """All of them, the same every time for the same draw."""
    draw = times.draw
    drawn = [*_to_orders(draw), *_others()]
    draw.shuffle(drawn)
    channels = [channel for channel, number in CHANNELS.items() for _ in range(number)]
    draw.shuffle(channels)
    taken, others, takers = _places(draw), _places(draw), _takers(draw)
    return [
        _plea(times, one, channel, *next(taken if one.way == Way.DONE else others), takers)
        for one, channel in zip(drawn, channels, strict=True)
    ]


def _to_orders(draw: random.Random) -> Iterator[Drawn]:
    classes = [matter_class for matter_class, number in ORDERS.items() for _ in range(number)]
    draw.shuffle(classes)
    left = len(classes) - VERIFIED
    ways = [Way.DONE] * VERIFIED + [Way.UNCLAIMED] * (left // 2) + [Way.CANCELLED] * (left - left // 2)
    yield from map(Drawn, classes, ways)


def _others() -> Iterator[Drawn]:
    for matter_class, number in CLASSES.items():
        if matter_class == MatterClass.PUBLIC:
            yield from [Drawn(matter_class, Way.SUMMONED)] * SUMMONED
            yield from [Drawn(matter_class, Way.TRANSFERRED)] * (number - SUMMONED)
        else:
            yield from [Drawn(matter_class, Way.ANSWERED)] * (number - ORDERS[matter_class])


def _places(draw: random.Random) -> Iterator[tuple[Row, str, str]]:
    """Each community in turn, with code and name of one of its small grids."""
    grids = small_grids()
    for village in cycle(communities()):
        yield (village, *draw.choice(grids[village["code"]]))


def _takers(draw: random.Random) -> dict[str, Iterator[str]]:
    """Each member takes an order; then the diligent ones take another, by village."""
    found: dict[str, list[str]] = {village["code"]: [] for village in communities()}
    for number, village in enumerate(islice(cycle(communities()), MEMBERS)):
        found[village["code"]].append(login_of_member(number))
    return {
        village: chain(members, cycle(draw.sample(members, len(members) // 4)))
        for village, members in found.items()
    }


def _plea(
    times: Times,
    drawn: Drawn,
    channel: Channel,
    village: Row,
    grid: str,
    grid_name: str,
    takers: dict[str, Iterator[str]],
) -> Plea:
    fitting = [row for row in table("pleas") if row["class"] == drawn.matter_class]
    row = times.draw.choice(fitting)
    place = short_name(village["name"]) + grid_name
    return Plea(
        village=village["code"],
        grid=grid,
        channel=channel,
        matter_class=drawn.matter_class,
        category=row["category"],
        text=row["text"].format(place=place),
        answer=row["answer"],
        result=row["result"],
        way=drawn.way,
        at=_moment(times, channel),
        taker=next(takers[village["code"]]) if drawn.way == Way.DONE else "",
    )


def _moment(times: Times, channel: Channel) -> datetime:
    if channel != Channel.COLLECTION_DAY:
        return times.at_the_desk(FIRST_DAY, LAST_DAY)
    day = times.draw.choice(COLLECTION_DAYS)
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI) + timedelta(
        minutes=times.draw.randrange(360)
    )


def story(times: Times) -> Iterator[Moment]:
    """The villages' menus first, then every request to its end."""
    names = list(dict.fromkeys(row["category"] for row in table("pleas")))
    opened = times.later(datetime(2022, 8, 29, 9, tzinfo=SHANGHAI), 0, 0)
    yield from ((opened, partial(enter_menu, village["code"], names)) for village in communities())
    for plea in pleas(times):
        yield from moments_of(plea, times)
