"""The page docs/measured/sizes.md: what was measured, and what a province takes by that."""

from collections.abc import Iterator
from typing import NamedTuple

import baodao  # noqa: F401  (puts the folders on the path)
from actions.once import KEYS_LAST
from bench.report import machine

VILLAGES, GRIDS, TOWNS, DISTRICTS = 30_000, 500_000, 1_600, 125
UNITS, MEMBERS = 40_000, 200_000
TASKS, SUBSCRIPTIONS = 250_000, 10_000
WORKING_HOURS = 250 * 7
PEAK = 20
"""How much busier the busiest minute may be than the mean of the working hours: an assumption."""
STANDING = {
    "area": VILLAGES + GRIDS + TOWNS + DISTRICTS,
    "unit": UNITS,
    "member": MEMBERS,
    "post": MEMBERS,
    "role_grant": MEMBERS,
}
"""Rows that are there from the beginning, whatever happens."""
FIXED = {"calendar_day", "policy_version", "tally", "duty_item", "area_settings"}
"""Tables that do not grow with the tasks."""
PASSING = {"idempotency_key", "unplaced_event"}
"""Tables whose rows go again: keys after some days, and what waits for its place in the log within a second."""
FEWEST = 100
"""Rows that a table must have to be weighed: of fewer one sees only PostgreSQL's pages."""
SPLIT = 1_250
"""Subscriptions of one worker."""


class Table(NamedTuple):
    """Of PostgreSQL; `bytes` with what belongs to it: indexes, and texts that are kept apart."""

    name: str
    rows: int
    bytes: int
    indexes: int

    @property
    def each(self) -> float:
        return self.bytes / self.rows


def page(tables: list[Table], tasks: int, idle: float, each: float, busy: float) -> str:
    """`idle`: megabytes of a worker; `each` and `busy`: megabytes and cores that an idle subscription takes."""
    return "\n".join([*_measured(tables, tasks, idle, each, busy), *_province(tables, tasks, each, busy)])


def _measured(tables: list[Table], tasks: int, idle: float, each: float, busy: float) -> Iterator[str]:
    yield f"""# Measured: sizes

{machine()}. Written by `make sizes`, which plays the demo's
history ({tasks:,} tasks) into PostgreSQL, packs it (`VACUUM FULL`) and weighs the tables of {FEWEST} rows or more.
In daily use a table also holds the room of rows that were changed: allow for half as much again.
`idempotency_key` and `unplaced_event` are weighed as if everything had just been done with a key, and waited for its
place in the log (`BAODAO_ORDER=sequencer`): their rows go again, after {KEYS_LAST.days} days and within a second.

| table | rows | rows for each task | bytes a row | of them indexes |
|---|--:|--:|--:|--:|"""
    for table in filter(_weighed, tables):
        per_task = f"{table.rows / tasks:.2f}" if _grows(table) else "–"
        indexes = table.indexes / table.rows
        yield f"| `{table.name}` | {table.rows:,} | {per_task} | {table.each:,.0f} | {indexes:,.0f} |"
    yield f"""
A worker (one process) that one subscriber listens to: {idle:.0f} MB. Each further live subscription by WebSocket:
{each * 1024:.0f} KB and {busy * 100:.3f} % of a core while nothing happens (it looks at the log every 2 s).
"""


def _province(tables: list[Table], tasks: int, each: float, busy: float) -> Iterator[str]:
    yield f"""## A province by that

{VILLAGES:,} villages, {GRIDS:,} grids, {MEMBERS:,} members (assumed), {TASKS:,} tasks a year and {SUBSCRIPTIONS:,}
live subscriptions.

| table | rows | GB |
|---|--:|--:|"""
    yield from _totals(
        "there from the beginning", {t: STANDING[t.name] for t in tables if t.name in STANDING}
    )
    yield from _totals("more with each year", {t: t.rows * TASKS // tasks for t in tables if _grows(t)})
    events = next(table.rows for table in tables if table.name == "event") * TASKS / tasks
    mean = events / WORKING_HOURS / 3600
    workers = SUBSCRIPTIONS // SPLIT
    yield f"""
{events / 1e6:.1f} million events a year are {mean:.2f} a second in working hours ({WORKING_HOURS:,} h a year), and
{mean * PEAK:.0f} a second in a minute {PEAK} times as busy. {SUBSCRIPTIONS:,} subscriptions on {workers} workers
are {SPLIT:,} each: {SPLIT * each:,.0f} MB and {SPLIT * busy * 100:.0f} % of a core for each while nothing happens."""
    key = next(table for table in tables if table.name == "idempotency_key")
    keys = int(events / 365 * KEYS_LAST.days)
    yield f"""
Keys of {KEYS_LAST.days} days are {keys:,} rows at most, one for each event, and {keys * key.each / 1e9:.2f} GB."""


def _totals(what: str, rows: dict[Table, int]) -> Iterator[str]:
    for table, number in rows.items():
        yield f"| `{table.name}` | {number:,} | {number * table.each / 1e9:.2f} |"
    total = sum(number * table.each for table, number in rows.items()) / 1e9
    yield f"| **{what}** | **{sum(rows.values()):,}** | **{total:.1f}** |"


def _grows(table: Table) -> bool:
    return _weighed(table) and table.name not in {*STANDING, *FIXED, *PASSING}


def _weighed(table: Table) -> bool:
    return table.rows >= FEWEST
