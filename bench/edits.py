"""How long it takes to say whom an edit of the rules would touch."""

from bench.report import Row, below
from bench.timing import awaited
from bench.world import GRANTS, MEMBERS
from models import clock
from policies.reading.comparison import compare
from policies.rules import packaged, read_loosely
from policies.trial.touched import bearing_of

EDITS = {
    "a right of one role taken": ("p, unit_head, unit, task, decline, target_unit, True, allow\n", ""),
    "a right handed to an heir": (
        "p, unit_liaison, unit, task, accept, target_unit, True, allow\n",
        "p, unit_head, unit, task, accept, target_unit, True, allow\n",
    ),
    "a local ban": (
        "# ── Who inherits",
        "p, town_coordinator, town@44.4406.440601.440601001., task, urge, any, True, deny\n# ── Who inherits",
    ),
}


async def rows() -> list[Row]:
    return [await _dry_run(edit) for edit in EDITS]


async def _dry_run(edit: str) -> Row:
    before = packaged()
    old, new = EDITS[edit]
    assert old in before.text
    after = read_loosely(before.text.replace(old, new))

    async def run() -> int:
        bearing = await bearing_of(before, after, compare(before, after), clock.now())
        return len(bearing.members)

    timed = await awaited(run)
    note = f"{await run():,} of {MEMBERS:,} members touched; PostgreSQL"
    what = f"dry run over {GRANTS:,} grants to the members touched: {edit}"
    figure = f"{timed.least * 1e3:.0f} ms (middle {timed.middle * 1e3:.0f} ms)"
    return Row(what, "< 10 ms", figure, below(timed, 10e-3), note)
