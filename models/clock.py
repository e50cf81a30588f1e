"""The one source of time: everything asks `clock.now()`, so tests and the demo can set it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Source = Callable[[], datetime]


def now() -> datetime:
    """Aware UTC."""
    return _source().astimezone(UTC)


def set_source(source: Source | None) -> None:
    """For the whole process, all its tasks and threads; None brings the system's time back."""
    global _source
    _source = source or _system


@contextmanager
def at(moment: datetime) -> Iterator["Moving"]:
    """Time stands at `moment` until the block moves it or ends; then the former source is back."""
    former, moving = _source, Moving(moment)
    set_source(moving)
    try:
        yield moving
    finally:
        set_source(former)


class Moving:
    """A source that stands still until it is moved, and refuses (ValueError) to go back."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def __call__(self) -> datetime:
        return self._moment

    @property
    def moment(self) -> datetime:
        return self._moment

    def advance(self, by: timedelta) -> None:
        self.move_to(self._moment + by)

    def move_to(self, moment: datetime) -> None:
        if moment < self._moment:
            raise ValueError(f"time cannot go back from {self._moment} to {moment}")
        self._moment = moment


def local_date(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """Local midnight, as UTC."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first instant that is no longer in the day, as UTC."""
    return start_of_day(day + timedelta(days=1))


def _system() -> datetime:
    return datetime.now(UTC)


_source: Source = _system
