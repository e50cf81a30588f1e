"""The plan of the story's figures: who issues how many summonses, and how they stand at the end of the period."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from baodao.demo.places import SHUNDE, villages_of
from baodao.demo.tables import table

ISSUED, DUE, RESOLVED = 764, 720, 684
LAST_DAY = date(2023, 3, 2)
STANDINGS = {"overdue": DUE - RESOLVED, "open": ISSUED - DUE, "resolved": RESOLVED}
"""How many stand how at the end of the last day: due and unsolved, not yet due, resolved."""

TIANHU, OF_TIANHU = "440606106004", 13
LUNJIAO = "440606003"
MOST = 9
"""Summonses of any other village."""


class Wish(NamedTuple):
    """A story that is still to be made up: whose, and how it stands at the end of the period."""

    issuer: str
    standing: str


def wishes(draw: random.Random) -> list[Wish]:
    """What the written cases leave to be made up."""
    written = Counter((row["issuer"], row["standing"]) for row in table("cases") if row["standing"])
    issuers = list(_issuers(draw, Counter(row["issuer"] for row in table("cases") if row["standing"])))
    draw.shuffle(issuers)
    wanted: list[Wish] = []
    for standing, number in STANDINGS.items():
        left = number - sum(count for (_, how), count in written.items() if how == standing)
        fitting = [issuer for issuer in issuers if _may_stand(issuer, standing)][:left]
        for issuer in fitting:
            issuers.remove(issuer)
            wanted.append(Wish(issuer, standing))
    return wanted


def _may_stand(issuer: str, standing: str) -> bool:
    """伦教 closes every matter that is due, and so does 天湖."""
    return standing != "overdue" or not (issuer.startswith(LUNJIAO) or issuer == TIANHU)


def _issuers(draw: random.Random, written: Counter[str]) -> Iterator[str]:
    """Each village as often as it still has to issue a summons; every one issues at least one in all."""
    villages = [row["code"] for row in villages_of(SHUNDE)]
    numbers = {village: max(1, written[village]) for village in villages} | {TIANHU: OF_TIANHU}
    towns = sum(count for issuer, count in written.items() if issuer not in numbers)
    shares = _shares(draw, villages)
    while sum(numbers.values()) + towns < ISSUED:
        [village] = draw.choices(villages, shares)
        if numbers[village] < MOST and village != TIANHU:
            numbers[village] += 1
    for village, number in numbers.items():
        yield from [village] * (number - written[village])


def _shares(draw: random.Random, villages: list[str]) -> list[float]:
    by_town = {town["code"]: float(town["share"]) for town in table("towns")}
    return [by_town[village[:9]] * draw.lognormvariate(0, 0.5) for village in villages]
