"""In short, what `make faults` proves at length: hosts that are killed in mid-mutation lose nothing."""

from pathlib import Path

import pytest
from faults.happenings import killings
from faults.load import faults_under_load

pytestmark = pytest.mark.long


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    ("bug", "order"), [("none", "lock"), ("events_after_commit", "lock"), ("none", "sequencer")]
)
async def test_who_is_killed_under_load_leaves_nothing_half_written(
    database_url: str, tmp_path: Path, bug: str, order: str
) -> None:
    """And a planted bug is noticed."""
    load = await faults_under_load(
        database_url, tmp_path, 2, lambda load: killings(load, 2), writers=3, bug=bug, order=order
    )
    assert load.changes > 10
    assert bool(load.faults) == (bug != "none"), load.faults
