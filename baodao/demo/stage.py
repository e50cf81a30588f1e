"""The stage of the story: who acts for which place or unit, and when "thirty working hours ago" was."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models import Calendar, Unit
from models.clock import SHANGHAI
from policies.actor import Actor

FORMAT = "%Y-%m-%d %H:%M"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stage:
    """`units` and `duties` (ids) by code, `actors` by login; `today` is when the fresh stories are told."""

    units: dict[str, Unit]
    duties: dict[str, str]
    actors: dict[str, Actor]
    seats: dict[tuple[str, str], Actor]
    calendar: Calendar
    today: datetime

    def actor(self, by: str, issuer: str, unit: str) -> Actor:
        """A login; or a seat: of the unit (head, liaison, member), of the issuing village, or of its town."""
        if "." in by:
            return self.actors[by]
        places = [self.units[unit].id] if unit else []
        return next(
            self.seats[by, place] for place in (*places, issuer, issuer[:9]) if (by, place) in self.seats
        )

    def moment(self, text: str) -> datetime:
        """``2022-11-16 10:00`` in Shanghai; ``-30`` is thirty working hours before today, ``+5`` five after."""
        if text[0] in "+-":
            return self._working_hours_off(float(text))
        return datetime.strptime(text, FORMAT).replace(tzinfo=SHANGHAI).astimezone(UTC)

    def _working_hours_off(self, hours: float) -> datetime:
        base, span = self.today.replace(minute=0, second=0, microsecond=0), timedelta(hours=abs(hours))
        if hours >= 0:
            return self.calendar.after(base, span)
        start = base
        while self.calendar.between(start, base) < span:
            start -= ONE_DAY
        return self.calendar.after(start, self.calendar.between(start, base) - span)


def seats_of(actors: dict[str, Actor]) -> dict[tuple[str, str], Actor]:
    """By the end of the login (secretary, liaison …) and the area's code or the unit's id."""
    return {
        (login.rpartition(".")[2], grant.area_id or grant.unit_id or ""): actor
        for login, actor in actors.items()
        for grant in actor.grants
    }
