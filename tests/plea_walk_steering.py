"""Where a walk through requests goes: to rows not yet taken, then to those seldom tried. Judges nothing."""

import csv
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

from plea_walk_stories import OPEN, Plea
from walk_steering import is_due, rings
from walk_stories import Row, moment
from walk_way import Holder, Kind

from models import clock

SPEC = Path(__file__).parent / "spec" / "requests.csv"
IN_FORCE: dict[Kind, dict[str, str]] = {
    (row["machine"], row["action"], row["frm"]): row for row in csv.DictReader(SPEC.open(encoding="utf-8"))
}
SIBLINGS: dict[tuple[str, str], list[Kind]] = defaultdict(list)
"""The rows of an action, one for each state it starts from."""
CHOICES: dict[tuple[str, str], list[Kind]] = defaultdict(list)
"""What can be done in a state of a machine."""
for kind, row in IN_FORCE.items():
    SIBLINGS[kind[:2]].append(kind)
    if row["kind"] == "U":
        CHOICES[row["machine"], row["frm"]].append(kind)

ENDS = {"reject", "withdraw", "merge", "cancel", "transfer", "order", "edit"}
TOGETHER: Kind = ("request", "summonedAgain", "REOPENED")
AGAIN = [kind for kind in IN_FORCE if kind[1] in ("summonedAgain", "summonsReopened")]
BIDING, SAYING, LATELY = {"REOPENED", "CLOSED"}, {"feedback", "inform"}, timedelta(days=20)
HARDLY, RARELY, EAGERLY = 0.005, 0.2, 20.0
MINE = {"accept", "decline", "complete"}
OF_OTHERS = {"verify", "returnOrder"}


def may(holder: Holder, row: dict[str, str], plea: Plea, one: Row) -> bool:
    """Whether the specification names the role here, roughly; policies/ has the last word."""
    if row["machine"] == "order" and holder.unit_id is not None:
        return holder.role == "unit_liaison" and _acts_for_unit(holder.unit_id, row["action"], one)
    if holder.role not in row["roles"].split("|"):
        return False
    if row["rel"] == "reporter":
        return holder.member_id in plea.members
    if row["machine"] == "order" and row["action"] in MINE:
        return holder.member_id == one["assignee_id"]
    if row["machine"] == "order" and row["action"] in OF_OTHERS:
        return holder.member_id != one["assignee_id"] and _lies_in(holder, plea)
    return _lies_in(holder, plea)


def _acts_for_unit(unit_id: str, action: str, order: Row) -> bool:
    """A unit takes orders that it is given, and claims those that ask for a service."""
    return order["unit_id"] == unit_id if action in MINE else action == "claim" and bool(order["service_id"])


def _lies_in(holder: Holder, plea: Plea) -> bool:
    return bool(holder.path) and str(plea.request["path"]).startswith(holder.path)


def weight(
    plea: Plea, one: Row, kind: Kind, around: set[str], taken: Counter[Kind], tried: Counter[Kind]
) -> float:
    """How much the step is worth trying on `one`, the request or an order of it; `around`: states of others."""
    action, likely = kind[1], 1 if promises(plea, one, kind) and not _bides(plea, kind, taken) else HARDLY
    if not all(taken[row] for row in (kind, *_consequences(plea, kind, around))):
        liking = EAGERLY
    elif action in ENDS or not all(taken[row] for row in SIBLINGS[kind[:2]]):
        liking = RARELY
    else:
        liking = 1
    return likely * liking / (1 + tried[kind])


def _bides(plea: Plea, kind: Kind, taken: Counter[Kind]) -> bool:
    """Until others of the same summons are dissatisfied too, while it can be taken up again."""
    can_go_on = any(_closed_lately(summons) for summons in plea.summons)
    return can_go_on and plea.state in BIDING and kind[1] not in SAYING and not taken[TOGETHER]


def _closed_lately(summons: Row) -> bool:
    closed = summons["state"] == "CLOSED" and not summons["closed_unresolved"]
    return closed and clock.now() < moment(summons["closed_at"]) + LATELY


def _consequences(plea: Plea, kind: Kind, around: set[str]) -> list[Kind]:
    """Steps of the system that follow, where it takes some luck to come upon them."""
    match kind[:2]:
        case "request", "summon":
            return AGAIN
        case "request", "feedback" | "inform" if plea.summons:
            return AGAIN
        case "request", "merge":
            return [row for row in SIBLINGS["request", "takeIn"] if row[2] in around]
        case "order", "decline":
            return SIBLINGS["order", "offerToAll"]
    return []


def promises(plea: Plea, one: Row, kind: Kind) -> bool:
    """Whether the step may well be taken, as far as the story shows."""
    of = plea.request["matter_class"]
    match kind:
        case "request", "dispatch" | "order", _:
            return of in ("COMMUNITY", "FAMILY")
        case "request", "summon" | "transfer", _:
            return of == "PUBLIC"
        case "request", "summonAgain", _:
            return any(summons["state"] == "CLOSED" for summons in plea.summons)
        case "request", "withdraw", _:
            return len(plea.reporter) == len(plea.members) == 1
        case "request", "feedback", _:
            return bool(plea.members) and (plea.state == "DONE" or window_is_open(plea))
        case "request", "reopen", _:
            return bool(plea.members) and window_is_open(plea)
        case "request", "inform", _:
            return len(plea.reporter) > len(plea.members)
        case "order", "claim", _:
            return one["mode"] == "CLAIMABLE"
        case "order", "accept", _:
            return one["mode"] == "DISPATCHED"
    return True


def window_is_open(plea: Plea) -> bool:
    limits = [limit for limit in plea.sla_clock if limit["kind"] == "REQUEST_WINDOW"]
    return any(clock.now() < moment(limit["due_at"]) for limit in limits)


def is_under_way(plea: Plea) -> bool:
    open_orders = any(order["state"] in OPEN for order in plea.work_order)
    return open_orders or plea.state not in ("CLOSED", "REJECTED", "MERGED")


def new_timers(plea: Plea, taken: Counter[Kind]) -> list[Row]:
    """The clocks that will ring for a row not yet taken."""
    return [
        limit
        for _, one in plea.things
        for limit in plea.clocks_of(one)
        if limit["next_at"] and any(not taken[kind] for kind in rings(limit, one) if kind in IN_FORCE)
    ]


def has_due(plea: Plea) -> bool:
    return any(map(is_due, plea.sla_clock))
