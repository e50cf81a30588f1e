"""In short, what `make faults` proves at length: hosts that are killed in mid-mutation lose nothing."""

from pathlib import Path

import pytest
from faults.happenings import killings
from faults.load import faults_under_load

pytestmark = pytest.mark.long


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_who_is_killed_under_load_leaves_nothing_half_written(
    database_url: str, tmp_path: Path
) -> None:
    load = await faults_under_load(database_url, tmp_path, 2, lambda load: killings(load, 2), writers=3)
    assert load.changes > 10
    assert load.faults == []
