"""What grows with what: baodao beside the limit with more summonses, areas, rules or connections."""

import gzip
import io
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple

from actions.areas import import_areas
from baodao.database import database
from bench.contenders import LIMIT, OURS
from bench.more_rules import publish, text_of
from bench.results import Growth, Size
from bench.rounds import Plan, Rounds
from bench.same import check
from bench.store import Fresh, execute, on_postgres
from models import Area
from policies.scopes import whole

BOTH = [OURS, LIMIT]
COUNTRY = "BAODAO_BENCH_COUNTRY"
"""The environment variable that names the country's areas."""


class Step(NamedTuple):
    """A size that is reached: the database is there until the next one is asked for."""

    size: int
    plan: Plan
    url: str
    fresh: Fresh


class Asked(NamedTuple):
    """`country`: the areas of the whole country as `baodao import areas` takes them, perhaps gzipped."""

    plan: Plan
    sizes: tuple[int, ...]
    country: Path


Steps = Callable[[Asked], AsyncGenerator[Step, None]]


async def summonses(asked: Asked) -> AsyncGenerator[Step, None]:
    for number in asked.sizes:
        async with on_postgres(number) as url:
            yield Step(number, asked.plan._replace(summonses=number), url, Fresh(url, number))


async def areas(asked: Asked) -> AsyncGenerator[Step, None]:
    """Those around the district, and then the whole country's; the sizes cannot be chosen."""
    async with on_postgres(asked.plan.summonses) as url:
        fresh = Fresh(url, asked.plan.summonses)
        yield Step(await _areas_in(url), asked.plan, url, fresh)
        await _enter(url, asked.country)
        yield Step(await _areas_in(url), asked.plan, url, fresh)


async def _areas_in(url: str) -> int:
    async with database(url):
        return await whole(Area).count()


async def _enter(url: str, country: Path) -> None:
    async with database(url):
        with io.StringIO(read_country(country)) as lines:
            await import_areas(lines)
    await execute(url, "VACUUM ANALYZE area")


def read_country(file: Path) -> str:
    raw = file.read_bytes()
    return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")


async def rules(asked: Asked) -> AsyncGenerator[Step, None]:
    async with on_postgres(asked.plan.summonses) as url:
        fresh = Fresh(url, asked.plan.summonses)
        for rows in asked.sizes:
            text = text_of(rows)
            await publish(url, text)
            yield Step(len(text.splitlines()), asked.plan, url, fresh)


async def connections(asked: Asked) -> AsyncGenerator[Step, None]:
    async with on_postgres(asked.plan.summonses) as url:
        fresh = Fresh(url, asked.plan.summonses)
        for number in asked.sizes:
            yield Step(number, asked.plan._replace(connections=number), url, fresh)


class Way(NamedTuple):
    """`sizes`: what is measured unless others are asked for; none where they cannot be chosen."""

    steps: Steps
    sizes: tuple[int, ...]


WAYS = {
    "summonses": Way(summonses, (10_000, 100_000, 1_000_000)),
    "areas": Way(areas, ()),
    "rules": Way(rules, (50, 5_000)),
    "connections": Way(connections, (8, 64, 512)),
}


def read_way(word: str) -> tuple[str, tuple[int, ...]]:
    """``rules`` or ``rules=50,500,5000``: what grows, and its sizes in order. ValueError for anything else."""
    name, equals, numbers = word.partition("=")
    if name not in WAYS:
        raise ValueError(f"{name!r} is none of {', '.join(WAYS)}")
    if not equals:
        return name, WAYS[name].sizes
    if not WAYS[name].sizes:
        raise ValueError(f"the sizes of {name} cannot be chosen")
    return name, tuple(sorted({int(number) for number in numbers.split(",")}))


async def measure(way: str, asked: Asked, found: Growth, folder: Path) -> None:
    """Fills `found`, size by size, so that what was measured before something failed is kept."""
    async with aclosing(WAYS[way].steps(asked)) as steps:
        async for step in steps:
            print(f"{step.size:,} {way}", file=sys.stderr, flush=True)
            await check(BOTH, step.url, folder, step.plan.summonses, step.fresh)
            rounds = Rounds(step.url, folder, step.plan, step.fresh)
            await rounds.run(BOTH)
            found.sizes[str(step.size)] = Size(rounds.samples, rounds.starts)
