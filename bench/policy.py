"""The measurements of the rules, printed as one table: ``python -m bench.policy``.

Needs a PostgreSQL server (BAODAO_TEST_POSTGRES) to make a scratch database on; takes some minutes.
"""

import asyncio
import sys

import baodao  # noqa: F401  (puts the folders on the path)
from bench import decisions, edits, lists, propagation
from bench.report import Row, machine, table
from bench.world import scratch

HEAD = """# Measured: the rules

{machine}. Written by `make bench-policy`. Each figure is the least of several rounds that took turns,
with the middle one beside it, which has to meet the target. Other work on the machine makes durations longer, so there
the least tells more of the program; ratios travel between machines.
"""
RACES = Row(
    "writes after an acknowledged revocation",
    "0 in 10,000 races",
    "counted by a test",
    None,
    "`BAODAO_RACES=10000 .venv/bin/pytest -s tests/test_revocation.py`",
)
PROOF = Row(
    "filter = decision = Casbin",
    "0 counterexamples in 10,000 random policies on both databases",
    "proved by tests",
    None,
    "`make prove`",
)
REGORUS = Row(
    "faster than regorus", "≥ 50×", "not measured", None, "no package of that name could be installed"
)


async def measured() -> list[Row]:
    found: list[Row] = []

    def tell(row: Row) -> None:
        found.append(row)
        print(f"{row.what}: {row.figure}", file=sys.stderr, flush=True)

    async with scratch() as url:
        for row in (*decisions.rows(), REGORUS):
            tell(row)
        async for row in lists.rows():
            tell(row)
        for row in (
            RACES,
            await propagation.heard(url),
            *propagation.authorising(),
            await propagation.looking(),
            *await edits.rows(),
            PROOF,
        ):
            tell(row)
    return found


if __name__ == "__main__":
    rows = asyncio.run(measured())
    print(f"{HEAD.format(machine=machine())}\n{table(rows)}")
