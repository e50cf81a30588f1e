"""The time ledger, as clients see it."""

from datetime import datetime

import strawberry

from models import TimeParty
from resolvers import ledger as resolve
from schema.areas import Area
from schema.fields import attribute, field
from schema.units import Unit

UNIT = "Which unit's time it was; null for every other party, and for a unit the caller may not know."
AREA = "The issuer, where it was the issuer's time; null for every other party."


@strawberry.type(
    description="A stretch of a task's life that is booked to one party, from its first second to before its end."
)
class TimeSlice:
    party: TimeParty = field(resolve.party, "Whose time it was.")
    unit: Unit | None = field(resolve.unit, UNIT)
    area: Area | None = field(resolve.area, AREA)
    start: datetime = attribute("When it begins: where the slice before ends.", of="since", name="from")
    end: datetime = attribute("When it ends, which it no longer includes.", of="until", name="to")
    seconds: int = attribute("How long it is, in seconds; 1 or more.")


@strawberry.type(description="All that is booked to one party in a task's life.")
class TimeTotal:
    party: TimeParty = field(resolve.party, "Whose time it was.")
    unit: Unit | None = field(resolve.unit, UNIT)
    area: Area | None = field(resolve.area, AREA)
    seconds: int = attribute("How long it was in all, in seconds; 1 or more.")


@strawberry.type(
    description=(
        "Whose time a task's life was (时间账), from its first event to its end, or to now while it runs. Every second "
        "is in exactly one slice, and the totals add up to the whole. Nights, lunch hours and days of rest of the "
        "issuer's calendar are nobody's fault; an emergency has none. A question to the issuer, such as another "
        "appointment, leaves the time with the unit, whose limit runs on. Moments count to the full second."
    )
)
class TimeLedger:
    start: datetime | None = attribute(
        "When it begins; null while no second has passed.", of="since", name="from"
    )
    end: datetime | None = attribute(
        "When it ends, or now while it runs; null while no second has passed.", of="until", name="to"
    )
    running: bool = attribute("Whether the task is still somebody's.")
    seconds: int = attribute("The whole, in seconds: from its beginning to its end.")
    totals: list[TimeTotal] = attribute(
        "What is booked to each party, in the order of the parties; each unit that had it has its own, so at most 20."
    )
    slices: list[TimeSlice] = field(
        resolve.slices,
        "The single stretches, oldest first, without a gap; at most the latest 2,000, while totals count all.",
    )
