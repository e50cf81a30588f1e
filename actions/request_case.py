"""The case of a request: the request, its reporters and its work orders, held under one lock."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from actions.held import Held, Limited
from actions.record import Record
from models import (
    ClockKind,
    ListItem,
    OrderState,
    Reporter,
    Request,
    RequestState,
    Satisfaction,
    SlaClock,
    Summons,
    SummonsState,
    WorkOrder,
    clock,
)
from models.request_workflow import OPEN_ORDERS, REQUEST_CONSEQUENCES
from models.summons import ROUNDS
from models.workflow import Stepped
from models.writes import Writes, values_in
from policies.facts import Facts, order_facts, request_facts
from policies.scopes import whole

VILLAGE_DIGITS = 12
BY_REPORTER = "byReporter"
"""Key in the payload of an event: whoever acted reported it, or wants to be nobody."""
OF_REPORTERS = frozenset({"create", "feedback", "reopen", "withdraw"})
UNSHOWN = frozenset({ClockKind.REQUEST_WINDOW})
"""Clocks whose limit is nobody's to keep."""


@dataclass(slots=True)
class RequestCase(Held):
    """A request, who reported it and its orders, the oldest first.

    `summons` is the one it led to, `reopenable` whether that could be taken up again, `unhappy` how many reporters of
    all its requests are dissatisfied with how it was closed: all three only once "summons" was read.
    `told`: what its units say came of it, when it is closed. Once "offers" was read, of its open orders that ask for a
    service: `paired` are the units that are paired with the village, `offers` what is offered, by the order.
    """

    CONSEQUENCES: ClassVar = REQUEST_CONSEQUENCES
    SHOWN_BY: ClassVar = ("offers",)

    request: Request
    reporters: list[Reporter]
    orders: list[WorkOrder]
    clocks: list[SlaClock]
    known: set[str] = field(default_factory=set)
    touched: dict[str, SlaClock] = field(default_factory=dict)
    summons: Summons | None = None
    reopenable: bool = False
    unhappy: int = 0
    told: str = ""
    paired: tuple[str, ...] = ()
    offers: dict[str, list[ListItem]] = field(default_factory=dict)
    stored: dict[str, tuple[object, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.stored = {row.id: values_in(row) for row in self.rows if row._saved_in_db}

    @property
    def root(self) -> Request:
        return self.request

    @property
    def rows(self) -> list[Stepped]:
        return [self.request, *self.orders]

    @property
    def limited(self) -> Limited:
        return Limited(self.request.path)

    @property
    def open_orders(self) -> list[WorkOrder]:
        return [order for order in self.orders if order.state in OPEN_ORDERS]

    @property
    def verified_orders(self) -> list[WorkOrder]:
        """Of the present round."""
        done = [order for order in self.orders if order.state == OrderState.VERIFIED]
        return [order for order in done if order.round == self.request.round]

    @property
    def village(self) -> str:
        """The code of the village that the request lies in, or is of."""
        return village_of(self.request)

    def reporter(self, id: str | None) -> Reporter | None:
        return next((one for one in self.reporters if one.id == id), None)

    def reported_by(self, member_id: str | None) -> Reporter | None:
        return next(
            (one for one in self.reporters if member_id is not None and one.member_id == member_id), None
        )

    def facts(self, about: Stepped | None) -> Facts:
        if isinstance(about, WorkOrder):
            return order_facts(about, paired=self.paired if about.service_id else ())
        return request_facts(self.request, self.reporters)

    def hides(self, action: str, actor_id: str | None) -> bool:
        """What a reporter does as one would tell who they are."""
        return action in OF_REPORTERS and self.reported_by(actor_id) is not None

    def columns_of_event(self, about: Stepped | None) -> dict[str, object]:
        return {
            "aggregate": "WorkOrder" if about else "Request",
            "area_id": self.request.area_id,
            "path": self.request.path,
        }

    def owner_of_clock(self, about: Stepped | None) -> dict[str, str | None]:
        return {"request_id": self.request.id, "order_id": about.id if about else None}

    async def read(self, names: Iterable[str]) -> None:
        for name in set(names) - self.known:
            await READS[name]([self])

    async def save(self, record: Record) -> None:
        """Also, of what a reporter did as one, that they did."""
        self._derive()
        for event in record.events:
            if event.aggregate_id == self.request.id and self.hides(event.action or "", event.actor_id):
                event.payload[BY_REPORTER] = True
        writes = Writes()
        self.write_rows(writes, record)
        self.write_clocks(writes)
        await writes.send()

    def _derive(self) -> None:
        """The limits that the request and its orders are shown with."""
        for row in (self.request, *self.orders):
            part_id = row.id if isinstance(row, WorkOrder) else None
            shown = [one.due_at for one in self.clocks if one.part_id == part_id and one.kind not in UNSHOWN]
            row.due_at = min(shown, default=None)


def village_of(request: Request) -> str:
    return next(code for code in request.path.split(".") if len(code) == VILLAGE_DIGITS)


async def read_summonses(cases: Sequence[RequestCase]) -> None:
    """Of those that led to one, in a number of statements that does not grow with theirs."""
    ids = list({case.request.summons_id for case in cases if case.request.summons_id})
    found = {one.id: one for one in await whole(Summons).filter(id__in=ids)} if ids else {}
    windows = SlaClock.filter(summons_id__in=ids, kind=ClockKind.REOPEN_WINDOW, stopped_at=None)
    open_ones = {one.summons_id for one in await windows if clock.now() < one.due_at} if ids else set()
    unhappy = await _unhappy(ids) if ids else {}
    for case in cases:
        case.known.add("summons")
        if summons := found.get(case.request.summons_id or ""):
            own = {case.request.id: _reopened_by(case.request, case.reporters)}
            case.summons, case.unhappy = summons, sum((unhappy.get(summons.id, {}) | own).values())
            case.reopenable = summons.id in open_ones and may_go_on(summons)


def may_go_on(summons: Summons) -> bool:
    """Whether another round of it can be asked for."""
    return summons.state == SummonsState.CLOSED and summons.round < ROUNDS and not summons.closed_unresolved


async def _unhappy(ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """By summons and request, how many reporters had it reopened, as the database has it."""
    reopened = await whole(Request).filter(summons_id__in=list(ids), state=RequestState.REOPENED)
    told = await Reporter.filter(
        request_id__in=[one.id for one in reopened], feedback=Satisfaction.DISSATISFIED
    )
    found = defaultdict[str, dict[str, int]](dict)
    for request in reopened:
        reporters = [one for one in told if one.request_id == request.id]
        found[str(request.summons_id)][request.id] = _reopened_by(request, reporters)
    return found


def _reopened_by(request: Request, reporters: Iterable[Reporter]) -> int:
    """How many reporters were dissatisfied with the round before."""
    return sum(
        one.feedback == Satisfaction.DISSATISFIED and one.feedback_round == request.round - 1
        for one in reporters
    )


READS: dict[str, Callable[[Sequence[RequestCase]], Awaitable[None]]] = {"summons": read_summonses}
"""What can be read of cases beside what they are loaded with, by its name; files of actions add to it."""


async def read_all(cases: Sequence[RequestCase], name: str) -> None:
    """Of cases that are only looked at."""
    await READS[name](cases)
