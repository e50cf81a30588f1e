"""Days that come again: months of any length, weeks, and what is no working day."""

from datetime import date
from itertools import islice

import pytest

from actions.calendars import calendar_for
from models.recurrence import Recurrence, next_workday

MONTHLY, WEEKLY = "day_of_month", "weekday"
TABLE = [
    ("2026-01-31", 1, MONTHLY, 31, "2026-01-31 2026-02-28 2026-03-31 2026-04-30"),
    ("2028-01-30", 1, MONTHLY, 30, "2028-01-30 2028-02-29 2028-03-30"),
    ("2027-11-29", 3, MONTHLY, 29, "2027-11-29 2028-02-29 2028-05-29"),
    ("2026-02-10", 1, MONTHLY, 31, "2026-02-28 2026-03-31"),
    ("2026-03-23", 1, MONTHLY, 23, "2026-03-23 2026-04-23"),
    ("2026-03-24", 1, MONTHLY, 23, "2026-04-23 2026-05-23"),
    ("2026-12-24", 2, MONTHLY, 23, "2027-01-23 2027-03-23"),
    ("2026-05-01", 12, MONTHLY, 1, "2026-05-01 2027-05-01"),
    ("2026-03-02", 1, WEEKLY, 1, "2026-03-02 2026-03-09 2026-03-16"),
    ("2026-03-03", 1, WEEKLY, 1, "2026-03-09 2026-03-16"),
    ("2026-12-28", 2, WEEKLY, 7, "2027-01-03 2027-01-17"),
]


@pytest.mark.parametrize(("first", "every", "kind", "on", "days"), TABLE)
def test_days_come_in_their_order(first: str, every: int, kind: str, on: int, days: str) -> None:
    wanted = [date.fromisoformat(day) for day in days.split()]
    recurrence = Recurrence(date.fromisoformat(first), every, **{kind: on})
    assert list(islice(recurrence.days(), len(wanted))) == wanted


async def test_the_next_working_day_is_that_of_the_real_calendar(sqlite_db: str) -> None:
    """Of 2026: Spring Festival from the 15th of February, with work on the Saturdays before and after."""
    calendar = await calendar_for("44.")
    moved = {
        day: next_workday(date.fromisoformat(f"2026-{day}"), calendar).isoformat()[5:]
        for day in ("02-14", "02-15", "02-23", "02-28", "03-01", "04-06", "10-01")
    }
    assert moved == {
        "02-14": "02-14",
        "02-15": "02-24",
        "02-23": "02-24",
        "02-28": "02-28",
        "03-01": "03-02",
        "04-06": "04-07",
        "10-01": "10-08",
    }
