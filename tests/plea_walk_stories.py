"""Requests with all that hangs on them, read row by row from the tables: no code of ours stands in between."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from walk_stories import Row, query

MACHINES = {"Request": "request", "WorkOrder": "order"}
"""By what events are about."""
OPEN = {"OPEN", "ACCEPTED", "DECLINED", "DONE"}
OVER = {"CLOSED", "REJECTED", "MERGED"}

TOLD = "pos, at, actor_id, aggregate, aggregate_id, version, action, type, from_state, to_state, payload"
PARTS = {
    "reporter": "SELECT * FROM reporter WHERE request_id = ? ORDER BY created_at, id",
    "work_order": "SELECT * FROM work_order WHERE request_id = ? ORDER BY created_at, id",
    "sla_clock": "SELECT * FROM sla_clock WHERE stopped_at IS NULL AND request_id = ? ORDER BY started_at, id",
    "flag_entry": """SELECT flag_entry.* FROM flag_entry JOIN work_order ON work_order.id = order_id
        WHERE request_id = ? ORDER BY flag_entry.id""",
    "summons": "SELECT summons.* FROM summons JOIN request ON summons_id = summons.id WHERE request.id = ?",
    "way": """WITH RECURSIVE way AS (
        SELECT id, merged_into_id, state, 0 AS nth FROM request WHERE id = ? UNION ALL
        SELECT request.id, request.merged_into_id, request.state, nth + 1 FROM way
            JOIN request ON request.id = way.merged_into_id WHERE nth < 100)
        SELECT * FROM way ORDER BY nth""",
    "heir": """SELECT reporter.* FROM reporter JOIN request ON merged_into_id = reporter.request_id
        WHERE request.id = ? ORDER BY reporter.id""",
}
ITS_EVENTS = f"""WITH its AS (SELECT id FROM request WHERE id = ?) SELECT {TOLD} FROM event
    WHERE aggregate_id IN (SELECT id FROM its UNION ALL
        SELECT work_order.id FROM work_order JOIN its ON request_id = its.id) ORDER BY pos"""
FINGERPRINT = """SELECT
    (SELECT count(*) FROM event) AS events,
    (SELECT count(*) FROM idempotency_key) AS keys,
    (SELECT sum(last_number) FROM number_series) AS numbers,
    (SELECT count(*) FROM request) AS requests,
    (SELECT sum(version) FROM request) AS versions_of_requests,
    (SELECT count(*) FROM work_order) AS orders,
    (SELECT sum(version) FROM work_order) AS versions_of_orders,
    (SELECT count(*) FROM reporter) AS reporters,
    (SELECT count(informed_at) FROM reporter) AS informed,
    (SELECT count(feedback) FROM reporter) AS feedback,
    (SELECT count(*) FROM flag_entry) AS flags,
    (SELECT count(*) FROM summons) AS summonses,
    (SELECT sum(version) FROM summons) AS versions_of_summonses,
    (SELECT sum(version) FROM task) AS versions_of_tasks,
    (SELECT count(*) FROM sla_clock) AS clocks,
    (SELECT count(stopped_at) FROM sla_clock) AS stopped,
    (SELECT count(next_at) FROM sla_clock) AS waiting,
    (SELECT sum(stage) FROM sla_clock) AS stages"""


@dataclass
class Plea:
    """The fields bear the names of the tables; of the clocks, only those that have not ended.

    `way`: the request and those that it was merged into, one after the other; `heir`: reporters of the next one.
    """

    request: Row
    event: list[Row]
    reporter: list[Row] = field(default_factory=list)
    work_order: list[Row] = field(default_factory=list)
    sla_clock: list[Row] = field(default_factory=list)
    flag_entry: list[Row] = field(default_factory=list)
    summons: list[Row] = field(default_factory=list)
    way: list[Row] = field(default_factory=list)
    heir: list[Row] = field(default_factory=list)

    @property
    def state(self) -> str:
        return str(self.request["state"])

    @property
    def things(self) -> list[tuple[str, Row]]:
        """The request and its orders, each with its machine."""
        return [("request", self.request), *(("order", order) for order in self.work_order)]

    @property
    def pos(self) -> int:
        """Of the last event."""
        return int(str(self.event[-1]["pos"]))

    @property
    def members(self) -> set[object]:
        """Who reported it, of those who can sign in."""
        return {one["member_id"] for one in self.reporter} - {None}

    def clocks_of(self, one: Row) -> list[Row]:
        """The clocks of an order, or those of the request itself."""
        order = one["id"] if "request_id" in one else None
        return [limit for limit in self.sla_clock if limit["order_id"] == order]

    @cached_property
    def told(self) -> dict[object, list[Row]]:
        """The events of the request and of each of its orders, by id."""
        events: dict[object, list[Row]] = {thing["id"]: [] for _, thing in self.things}
        for event in self.event:
            events.setdefault(event["aggregate_id"], []).append(event)
        return events


def machine_of(event: Row) -> str:
    return MACHINES[str(event["aggregate"])]


def payload_of(event: Row) -> Mapping[str, object]:
    payload: Mapping[str, object] = json.loads(str(event["payload"]))
    return payload


async def plea_of(id: object, told: list[Row], *, known: Plea | None = None) -> Plea:
    """As it is now. Events are only ever added, so those of `known` are not read again."""
    [request] = await query("SELECT * FROM request WHERE id = ?", id)
    plea = Plea(request, [*known.event, *told] if known else await query(ITS_EVENTS, id))
    for part, sql in PARTS.items():
        if may_have(request, part):
            setattr(plea, part, await query(sql, id))
    return plea


def may_have(request: Row, part: str) -> bool:
    needed = {"summons": "summons_id", "way": "merged_into_id", "heir": "merged_into_id"}
    return part not in needed or request[needed[part]] is not None


async def all_pleas() -> list[Plea]:
    return [await plea_of(row["id"], []) for row in await query("SELECT id FROM request ORDER BY id")]
