"""Figures of the requests of an area, and of their work orders: counts, and rates that show what they are made of."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.functions import Count
from tortoise.queryset import QuerySet

from models import Area, Channel, MatterClass, OrderState, Request, RequestState, WorkOrder
from models.periods import Period, period
from policies.scopes import readable
from resolvers.areas import inside
from resolvers.context import Info


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many are of a class; None: not triaged yet."""

    matter_class: MatterClass | None
    count: int


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """How many came in by a channel."""

    channel: Channel
    count: int


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """Of requests reported and orders made in the period, as they stand now; merged requests are counted apart."""

    received: int
    merged: int
    settled: int
    by_class: list[ClassCount]
    by_channel: list[ChannelCount]
    orders: int
    verified: int
    members: int
    as_of: datetime

    @property
    def settling_rate(self) -> float | None:
        """Settled ÷ received, 0.0 to 1.0; None when nothing came in."""
        return self.settled / self.received if self.received else None

    @property
    def order_rate(self) -> float | None:
        """Verified ÷ made, 0.0 to 1.0; None when no order was made."""
        return self.verified / self.orders if self.orders else None


SETTLED = frozenset({RequestState.DONE, RequestState.CLOSED})


async def request_figures(root: Area, info: Info, from_: date, to: date) -> RequestFigures:
    asked = period(from_, to)
    classes, channels, states = Counter[MatterClass | None](), Counter[Channel](), Counter[str]()
    for matter_class, channel, state, withdrawn, number in await _counted(root, info, asked):
        states["withdrawn" if withdrawn else state] += number
        if state != RequestState.MERGED:
            classes[matter_class] += number
            channels[channel] += number
    orders = await _counted_orders(root, info, asked)
    return RequestFigures(
        received=classes.total(),
        merged=states[RequestState.MERGED],
        settled=sum(states[state] for state in SETTLED),
        by_class=[ClassCount(one, classes[one]) for one in (*MatterClass, None) if classes[one]],
        by_channel=[ChannelCount(one, channels[one]) for one in Channel if channels[one]],
        orders=orders.total(),
        verified=orders[OrderState.VERIFIED],
        members=await _members(root, info, asked),
        as_of=asked.end,
    )


async def _counted(
    root: Area, info: Info, asked: Period
) -> list[tuple[MatterClass | None, Channel, RequestState, bool, int]]:
    rows = readable(Request, info.context.actor).filter(
        inside("path", root), created_at__gte=asked.start, created_at__lte=asked.end
    )
    columns = ("matter_class", "channel", "state", "withdrawn")
    counted = rows.annotate(number=Count("id")).group_by(*columns).values(*columns, "number")
    return [
        (row["matter_class"], row["channel"], row["state"], row["withdrawn"], row["number"])
        for row in await counted
    ]


async def _counted_orders(root: Area, info: Info, asked: Period) -> Counter[OrderState]:
    rows = _orders(root, info, asked)
    counted = rows.annotate(number=Count("id")).group_by("state").values("state", "number")
    return Counter({row["state"]: row["number"] for row in await counted})


async def _members(root: Area, info: Info, asked: Period) -> int:
    rows = _orders(root, info, asked).filter(state=OrderState.VERIFIED)
    [row] = await rows.annotate(number=Count("done_by_id", distinct=True)).values("number")
    return int(row["number"])


def _orders(root: Area, info: Info, asked: Period) -> QuerySet[WorkOrder]:
    return readable(WorkOrder, info.context.actor).filter(
        inside("path", root), created_at__gte=asked.start, created_at__lte=asked.end
    )
