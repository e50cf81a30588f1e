"""How soon another process hears of a commit, and what it costs to see who may hear of it."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from statistics import quantiles
from time import monotonic_ns

import asyncpg

from actions.places import CHANNEL
from bench.made_up import VILLAGE, districts, held, held_in, task_of, towns, villages
from bench.report import Row, below
from bench.timing import awaited, in_turn
from models import Event, clock
from policies.actor import Actor
from policies.compile import Scope, scope_of
from policies.facts import Facts
from policies.loading import load_actor
from policies.scopes import readable

RINGS = 1_000
SUBSCRIBERS = 10_000
LISTENER = """
import asyncio, sys, time
import baodao
from actions.feed import Bell
from baodao.listener import listen
async def main(url):
    listening = asyncio.create_task(listen(url))
    with Bell() as bell:
        while True:
            await bell.wait(600)
            print(time.monotonic_ns(), flush=True)
asyncio.run(main(sys.argv[1]))
"""


async def heard(url: str) -> Row:
    """One commit after the other; the clock is the machine's, which all processes share."""
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LISTENER, url, stdout=asyncio.subprocess.PIPE
    )
    connection = await asyncpg.connect(url)
    try:
        assert other.stdout is not None
        await other.stdout.readline()  # it listens
        delays = []
        for _ in range(RINGS):
            began = monotonic_ns()
            await connection.execute(f"SELECT pg_notify('{CHANNEL}', '')")
            delays.append(int(await other.stdout.readline()) - began)
            await asyncio.sleep(0.001)
    finally:
        await connection.close()
        other.terminate()
        await other.wait()
    cuts = [cut / 1e6 for cut in quantiles(delays, n=100)]
    figure = f"p99 {cuts[98]:.2f} ms (middle {cuts[49]:.2f} ms)"
    return Row(
        "propagation to another process, p99",
        "< 5 ms",
        figure,
        (cuts[98] < 5,) * 2,
        f"{RINGS:,} commits, each heard",
    )


async def looking() -> Row:
    """What the service does today: every subscriber who is woken loads their rights and asks the log."""

    async def look() -> None:
        actor = await load_actor("m7", clock.now())
        await readable(Event, actor).filter(pos__gt=0).order_by("pos").limit(100)

    timed = await awaited(look, rounds=50)
    figure = (
        f"{timed.least * 1e3:.1f} ms (middle {timed.middle * 1e3:.1f} ms) for one subscriber, an empty log"
    )
    note = f"so about {timed.least * SUBSCRIBERS:,.0f} s of work for {SUBSCRIBERS:,} subscribers"
    return Row(
        "authorising one event as the stream does it now", "≤ 0.2 ms for all", figure, (False, False), note
    )


def authorising() -> Iterator[Row]:
    """An event of one village's task, for 10,000 subscribers of the whole city with bound scopes."""
    subscribers = [_subscriber(number) for number in range(SUBSCRIBERS)]
    scopes = [scope_of(actor, "task", "read") for actor in subscribers]
    facts = task_of(VILLAGE, "u7", responsible="m3")
    index = _index(subscribers, scopes)
    all_who_may = [scope for scope in scopes if scope.test(facts)]
    assert sorted(map(id, _found(index, facts))) == sorted(map(id, all_who_may))
    works = {
        "each": (lambda: [scope for scope in scopes if scope.test(facts)], 3),
        "indexed": (lambda: _found(index, facts), 50),
    }
    timed = in_turn(works)
    each, indexed = timed["each"], timed["indexed"]
    what = f"authorising one event for {SUBSCRIBERS:,} live subscribers"
    note = f"{len(all_who_may)} may; it could be had: the service has no such index, there each subscriber asks the log"
    figure = f"{indexed.least * 1e3:.3f} ms (middle {indexed.middle * 1e3:.3f} ms)"
    yield Row(f"{what}, by an index of areas and units", "≤ 0.2 ms", figure, None, note)
    figure = f"{each.least * 1e3:.2f} ms (middle {each.middle * 1e3:.2f} ms)"
    yield Row(f"{what}, each asked in turn", "≤ 0.2 ms", figure, below(each, 0.2e-3), "")


def _subscriber(number: int) -> Actor:
    random = Random(number)
    unit = f"u{random.randrange(2_000)}"
    grant = random.choices(
        [
            held("village_secretary", "VILLAGE", random.choice(villages())),
            held("village_cadre", "VILLAGE", random.choice(villages())),
            held_in("unit_liaison", unit),
            held_in("responsible_member", unit),
            held("town_coordinator", "TOWN", random.choice(towns())),
            held("district_supervision", "DISTRICT", random.choice(districts())),
        ],
        weights=[20, 30, 20, 20, 9, 1],
    )
    return Actor(f"m{number}", unit_id=unit, unit_line=f"{unit}.", grants=tuple(grant))


def _index(subscribers: list[Actor], scopes: list[Scope]) -> dict[str, list[Scope]]:
    """By each area and unit where they hold a role, and by themselves."""
    index: dict[str, list[Scope]] = defaultdict(list)
    for actor, scope in zip(subscribers, scopes, strict=True):
        for key in {str(actor.id), *(grant.unit_id or grant.path for grant in actor.grants)}:
            index[key].append(scope)
    return index


def _found(index: dict[str, list[Scope]], facts: Facts) -> list[Scope]:
    """Scopes that open the object: those found at one of its places, units and persons, once they are tested."""
    near: dict[int, Scope] = {}
    for key in _keys(facts):
        for scope in index.get(key, ()):
            if scope.test(facts):
                near[id(scope)] = scope
    return list(near.values())


def _keys(facts: Facts) -> set[str]:
    keys = {"", *facts.unit_ids, *facts.responsible_ids, *facts.group_ids}
    for place in (facts.area_path, facts.territory, *facts.co_issuer_paths):
        parts = (place or "").split(".")[:-1]
        keys |= {".".join(parts[:end]) + "." for end in range(1, len(parts) + 1)}
    return keys
