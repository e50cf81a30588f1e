"""What must hold for every request at any time, whatever happened to it."""

from collections.abc import Callable, Iterator

from plea_walk_steering import IN_FORCE
from plea_walk_stories import OPEN, Plea, machine_of, payload_of
from walk_events import chained, counted, listed
from walk_stories import Row

AWAITS = {
    **dict.fromkeys(("NEW", "REOPENED"), "TRIAGE"),
    **dict.fromkeys(("ANSWERED", "VILLAGE_HANDLING", "TRANSFERRED"), "ANSWER"),
    "DONE": "FEEDBACK",
    **dict.fromkeys(("CLOSED", "REJECTED"), "REQUEST_WINDOW"),
}
ORDER_AWAITS = {
    "OPEN": "ORDER_ACCEPT",
    "DECLINED": "ORDER_OFFER",
    "ACCEPTED": "ORDER_COMPLETE",
    "DONE": "ORDER_VERIFY",
}
RINGS = {"FEEDBACK", "ORDER_ACCEPT", "ORDER_OFFER"}
"""Clocks that end the state they run in."""
SUMMONS_OVER = {"CLOSED", "CANCELLED", "ARCHIVED"}
LAST_ROUND = 3
AS_REPORTER = {"feedback", "reopen", "withdraw"}
FOLLOWS = {"answeredForGood", "ordersVerified", "ordersEnded", "allContent", "discontent", "summonedAgain"}
"""Steps of a request that are taken at once with the one before."""

Claim = Callable[[Plea], bool]
Lasting = Callable[[Plea, Plea], bool]
CLAIMS: dict[str, Claim] = {}
LASTING: dict[str, Lasting] = {}
"""About a request as it was, and as it is some time later."""


def always(claim: Claim) -> Claim:
    """Register what must hold for every request at any time."""
    CLAIMS[claim.__name__] = claim
    return claim


def lastingly(claim: Lasting) -> Lasting:
    LASTING[claim.__name__] = claim
    return claim


@always
def versions_count_the_events_without_a_hole(plea: Plea) -> bool:
    known = {thing["id"] for _, thing in plea.things} == plea.told.keys()
    return known and all(counted(thing, plea.told[thing["id"]]) for _, thing in plea.things)


@always
def each_event_starts_where_the_last_one_ended(plea: Plea) -> bool:
    return all(chained(thing, plea.told[thing["id"]]) for _, thing in plea.things)


@always
def each_event_is_a_row_of_the_table(plea: Plea) -> bool:
    return all(listed(event, machine_of(event), IN_FORCE) for event in plea.event)


@always
def it_is_ordered_while_an_order_of_its_round_is_open(plea: Plea) -> bool:
    rounds = {order["round"] for order in plea.work_order if order["state"] in OPEN}
    return rounds == ({plea.request["round"]} if plea.state == "ORDERED" else set())


@always
def it_is_summoned_while_its_summons_is_under_way(plea: Plea) -> bool:
    """Not so once the summons is in its second round: then only whom it was taken up for waits again."""
    under_way = [summons for summons in plea.summons if summons["state"] not in SUMMONS_OVER]
    if plea.state == "SUMMONED":
        return bool(under_way)
    return all(summons["round"] != 1 for summons in under_way)


@always
def the_clock_of_its_state_runs_and_no_other(plea: Plea) -> bool:
    return all(
        [limit["kind"] for limit in plea.clocks_of(one)] == _awaited(machine, str(one["state"]))
        for machine, one in plea.things
    )


def _awaited(machine: str, state: str) -> list[str]:
    kind = (ORDER_AWAITS if machine == "order" else AWAITS).get(state)
    return [kind] if kind else []


@always
def what_a_timer_ends_it_will_end(plea: Plea) -> bool:
    return all(limit["next_at"] is not None for limit in plea.sla_clock if limit["kind"] in RINGS)


@always
def it_is_shown_with_the_limit_that_runs(plea: Plea) -> bool:
    return all(one["due_at"] == _limit(plea, one) for _, one in plea.things)


def _limit(plea: Plea, one: Row) -> object:
    shown = [limit["due_at"] for limit in plea.clocks_of(one) if limit["kind"] != "REQUEST_WINDOW"]
    return shown[0] if shown else None


@always
def each_verified_order_is_one_flag_of_who_did_it(plea: Plea) -> bool:
    verified = [order for order in plea.work_order if order["state"] == "VERIFIED"]
    earned = {(order["id"], order["done_by_id"]) for order in verified}
    flags = [(flag["order_id"], flag["member_id"]) for flag in plea.flag_entry]
    return set(flags) == earned and len(flags) == len(verified) and all(member for _, member in flags)


@always
def an_order_is_for_somebody_or_for_all(plea: Plea) -> bool:
    """For a member or a unit, not both; and once it is done, it is known who did it."""

    def is_clear(order: Row) -> bool:
        named = [order["assignee_id"], order["unit_id"]].count(None) == 1
        known = (order["done_by_id"] is not None) == (order["state"] in ("DONE", "VERIFIED"))
        match order["state"]:
            case "OPEN":
                return known and named == (order["mode"] == "DISPATCHED")
            case "ACCEPTED" | "DONE" | "VERIFIED":
                return known and named
        return known

    return all(map(is_clear, plea.work_order))


@always
def it_was_merged_into_one_that_goes_on(plea: Plea) -> bool:
    if plea.state != "MERGED":
        return plea.request["merged_into_id"] is None
    ids = [one["id"] for one in plea.way]
    return len(set(ids)) == len(ids) > 1 and plea.way[-1]["state"] != "MERGED"


@always
def who_reported_what_was_merged_reported_the_other_too(plea: Plea) -> bool:
    return plea.state != "MERGED" or {_person(one) for one in plea.reporter} <= {
        _person(one) for one in plea.heir
    }


def _person(reporter: Row) -> tuple[object, ...]:
    """Whoever can sign in is one and the same, whatever they reported."""
    if reporter["member_id"]:
        return (reporter["member_id"],)
    return reporter["origin_id"], reporter["name"], reporter["phone"]


@always
def no_event_tells_who_reported_it(plea: Plea) -> bool:
    """Nor who entered what nobody wants to have reported."""
    own = [one["member_id"] for one in plea.reporter if one["origin_id"] == plea.request["id"]]
    for event, is_reporters in _caused(plea):
        shown = None if payload_of(event).get("byReporter") else event["actor_id"]
        if shown and event["action"] == "create" and machine_of(event) == "request":
            if not own or shown in own:
                return False
        elif shown in plea.members and is_reporters:
            return False
    return True


def _caused(plea: Plea) -> Iterator[tuple[Row, bool]]:
    """Each event, and whether a reporter, as one, did it or brought it about."""
    is_reporters = False
    for event in plea.event:
        if not (machine_of(event) == "request" and event["action"] in FOLLOWS):
            is_reporters = machine_of(event) == "request" and event["action"] in AS_REPORTER
        yield event, is_reporters


@always
def whoever_is_dissatisfied_has_it_reopened(plea: Plea) -> bool:
    now = [one for one in plea.reporter if one["feedback_round"] == plea.request["round"]]
    rests = plea.state in ("DONE", "CLOSED") and int(str(plea.request["round"])) < LAST_ROUND
    return not (rests and any(one["feedback"] == "DISSATISFIED" for one in now))


@always
def silence_is_no_feedback(plea: Plea) -> bool:
    """Only who has said something in the present round can close it."""
    told = [event["action"] for event in plea.told[plea.request["id"]]]
    since = told[::-1].index("allContent") if "allContent" in told else 0
    as_then = "allContent" in told and set(told[len(told) - since :]) <= {"feedback", "inform"}
    return not as_then or all(one["feedback"] for one in plea.reporter)


@always
def who_can_sign_in_has_heard_what_came_of_it(plea: Plea) -> bool:
    told = plea.state == "REJECTED" or plea.request["done_at"] is not None
    rests = plea.state in ("DONE", "REJECTED")
    return not (told and rests) or all(one["informed_at"] for one in plea.reporter if one["member_id"])


@lastingly
def reporters_stay(before: Plea, after: Plea) -> bool:
    return {_whole(one) for one in before.reporter} <= {_whole(one) for one in after.reporter}


def _whole(reporter: Row) -> tuple[object, ...]:
    return tuple(reporter[column] for column in ("id", "origin_id", "member_id", "name", "phone"))


@lastingly
def flags_stay_as_they_are(before: Plea, after: Plea) -> bool:
    return all(flag in after.flag_entry for flag in before.flag_entry)


@lastingly
def what_was_merged_stays_merged(before: Plea, after: Plea) -> bool:
    return before.state != "MERGED" or before.request["merged_into_id"] == after.request["merged_into_id"]


def broken(plea: Plea, before: Plea | None = None) -> list[str]:
    then = [name for name, holds in LASTING.items() if before is not None and not holds(before, plea)]
    return then + [name for name, holds in CLAIMS.items() if not holds(plea)]
