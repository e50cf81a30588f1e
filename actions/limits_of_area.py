"""How long each clock runs in an area, and which area decided that."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.limits import DEFAULTS, POLICIES, default_for, most_special
from models import ClockKind, SlaPolicy, SummonsCategory, Tier, TimeUnit

OF_REQUESTS = frozenset(
    {
        *(ClockKind.TRIAGE, ClockKind.ANSWER, ClockKind.FEEDBACK, ClockKind.REQUEST_WINDOW),
        *(ClockKind.ORDER_ACCEPT, ClockKind.ORDER_OFFER, ClockKind.ORDER_COMPLETE, ClockKind.ORDER_VERIFY),
        ClockKind.OBJECTION,
    }
)
"""Clocks of requests, work orders and publications, which have neither a tier nor a category of summonses."""


@dataclass(frozen=True, slots=True)
class Limit:
    """For matters of this tier. `category`: the one it is for, None: all; `area_id` None: no area decided it.

    Clocks of requests and work orders have no tier.
    """

    clock: ClockKind
    tier: Tier | None
    category: SummonsCategory | None
    amount: float
    time_unit: TimeUnit
    source: str
    area_id: str | None


async def limits_at(path: str, category: SummonsCategory | None) -> list[Limit]:
    """For each clock and tier as `actions.limits.limit_for` says of a summons issued, or a request made, there.

    Without a category, what counts where no limit names the category.
    """
    codes = path.split(".")[:-1]
    rows = [
        row
        for row in await POLICIES.get()
        if (row.area_id is None or row.area_id in codes) and row.category in (None, category)
    ]
    return [_limit(kind, tier, rows, codes) for kind in _KINDS for tier in _tiers(kind)]


_KINDS = list(dict.fromkeys(kind for kind, _ in DEFAULTS))


def _tiers(kind: ClockKind) -> Sequence[Tier | None]:
    return [None] if kind in OF_REQUESTS else list(Tier)


def _limit(kind: ClockKind, tier: Tier | None, rows: list[SlaPolicy], codes: list[str]) -> Limit:
    fitting = [row for row in rows if row.clock == kind and row.tier in (None, tier)]
    if kind in OF_REQUESTS:
        fitting = [row for row in fitting if row.category is None]
    if (best := most_special(fitting, codes)) is None:
        span = default_for(kind, tier)
        return Limit(kind, tier, None, float(span.amount), span.unit, "", None)
    return Limit(kind, tier, best.category, best.amount, best.unit, best.source, best.area_id)
