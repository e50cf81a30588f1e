"""What is asked, by everybody: five workloads, drawn by a seed, before they are put into a contender's words."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from baodao.demo.places import SHUNDE
from bench.cases import issuer_of, task_id, unit_of
from bench.district import (
    CADRES,
    COORDINATORS,
    LIAISONS,
    OBSERVERS,
    OFFICERS,
    login,
    numbered,
    offices,
    towns,
)
from models import SummonsState

STATES = (SummonsState.CLOSED, SummonsState.ARCHIVED, SummonsState.IN_PROGRESS)
"""Of which every town has more than a page, even of few summonses."""
FIRST_DAY, LAST_DAY, PERIOD = date(2024, 1, 1), date(2025, 12, 31), 91


class Draw(NamedTuple):
    """Who asks, and what about: plain keys by name."""

    login: str
    about: dict[str, str]


class Workload(NamedTuple):
    """`draws` gives endless requests for a district of so many summonses; `share` of the connections is used."""

    name: str
    title: str
    draws: Callable[[Random, int], Iterator[Draw]]
    share: float = 1.0


def _one_summons(random: Random, summonses: int) -> Iterator[Draw]:
    while True:
        number = random.randrange(summonses)
        village = issuer_of(number)
        cadre = login("village_cadre", village, random.randrange(CADRES))
        asker = random.choice((cadre, cadre, _overseer(village[:9], random)))
        yield Draw(asker, {"id": numbered("S", number)})


def _newest(random: Random, summonses: int) -> Iterator[Draw]:
    while True:
        town = random.choice(towns())
        yield Draw(_overseer(town, random), {"town": town, "state": random.choice(STATES)})


def _tree(random: Random, summonses: int) -> Iterator[Draw]:
    """There is one district; anybody may ask for it."""
    while True:
        yield Draw(random.choice(offices()).login, {"code": SHUNDE})


def _figures(random: Random, summonses: int) -> Iterator[Draw]:
    """Of a quarter of a year."""
    days = (LAST_DAY - FIRST_DAY).days - PERIOD
    while True:
        town, first = random.choice(towns()), FIRST_DAY + timedelta(days=random.randrange(days))
        last = first + timedelta(days=PERIOD)
        about = {"town": town, "from": first.isoformat(), "to": last.isoformat()}
        yield Draw(_overseer(town, random), about)


def _overseer(town: str, random: Random) -> str:
    """Somebody who may read everything in the town."""
    office, place, many = random.choice(
        (
            ("observer", town, OBSERVERS),
            ("town_coordinator", town, COORDINATORS),
            ("district_org_dept", SHUNDE, OFFICERS),
        )
    )
    return login(office, place, random.randrange(many))


READS = (
    Workload("W1", "one summons with places, tasks and people", _one_summons),
    Workload("W2", "the newest 50 of a town in a state, with tasks", _newest),
    Workload("W3", "the tree of the district: 3,307 areas", _tree, 0.25),
    Workload("W4", "figures of a quarter for each village of a town", _figures),
)
ACCEPT = Workload("W5", "accept a task", lambda random, summonses: iter(()))
"""Each task can be accepted once: see `acceptances`."""


def acceptances(cases: range, random: Random) -> Iterator[Draw]:
    """Of the tasks of these cases, by the liaisons of their units."""
    for index in cases:
        liaison = login("unit_liaison", unit_of(index).code or "", random.randrange(LIAISONS))
        yield Draw(liaison, {"task": task_id(index), "actor": liaison})
