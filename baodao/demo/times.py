"""Times that are drawn: when somebody sits at the desk, comes for a visit, or does the next thing."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from models import Calendar
from models.clock import SHANGHAI, local_date

OPENING, DESK_MINUTES = time(8, 30), 270
VISITING_HOURS = (time(9, 0), time(9, 30), time(10, 0), time(14, 30), time(15, 0), time(15, 30))
ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)
DAYS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Times:
    """Minutes are working time, unless they say otherwise."""

    calendar: Calendar
    draw: random.Random

    def at_the_desk(self, first: date, last: date) -> datetime:
        """On a workday, early enough that the matter can still be issued the same day."""
        day = first + ONE_DAY * self.draw.randrange((last - first).days + 1)
        while not self.calendar.is_workday(day):
            day -= ONE_DAY
        opening = datetime.combine(day, OPENING, SHANGHAI)
        return self.calendar.after(opening, ONE_MINUTE * self.draw.randint(5, DESK_MINUTES))

    def pause(self) -> timedelta:
        """Between two things that follow each other at once."""
        return ONE_MINUTE * self.draw.randint(10, 40)

    def visit(self, after: datetime) -> datetime:
        """Three working days later, so that nobody is called before they had time to accept."""
        day = local_date(after)
        for _ in range(DAYS_AHEAD):
            day += ONE_DAY
            while not self.calendar.is_workday(day):
                day += ONE_DAY
        return datetime.combine(day, self.draw.choice(VISITING_HOURS), SHANGHAI).astimezone(UTC)

    def arrival(self, after: datetime, visit: datetime | None) -> datetime:
        """At most twenty minutes late, or without an appointment within two and a half days."""
        if visit is None:
            return self.later(after, 60, 1000)
        return visit + ONE_MINUTE * self.draw.randint(0, 20)

    def later(self, at: datetime, earliest: float, latest: float) -> datetime:
        minutes = self.draw.randint(round(earliest), round(latest))
        return self.calendar.after(at, ONE_MINUTE * minutes)
