"""Fixtures: the small world in a database, on a Monday morning when time stands still."""

from collections.abc import Iterator

import pytest
from world import MONDAY, Time, World, small_world

from models import clock


@pytest.fixture
def time(request: pytest.FixtureRequest) -> Iterator[Time]:
    """Another moment with `parametrize("time", …, indirect=True)`."""
    with clock.at(getattr(request, "param", MONDAY)) as moving:
        yield Time(moving)


@pytest.fixture
async def world(db: str, time: Time) -> World:
    """In each kind of database."""
    return await small_world()


@pytest.fixture
async def sqlite_world(sqlite_db: str, time: Time) -> World:
    """On SQLite alone: for tables of cases that differ in what is asked, not in SQL."""
    return await small_world()
