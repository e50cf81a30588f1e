"""Summonses with all that hangs on them, read row by row from the tables: no code of ours stands in between."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from tortoise.connection import get_connection

Row = dict[str, object]
ENDED = {"EVALUATED", "REASSIGNED", "WITHDRAWN"}

OF_OWN_UNIT = """
    (SELECT count(*) FROM member WHERE id = submitted_by_id AND unit_id = evaluation.unit_id)
    + (SELECT count(*) FROM role_grant WHERE member_id = submitted_by_id AND unit_id = evaluation.unit_id)
    AS of_own_unit"""
TOLD = (
    "pos, summons_id, aggregate, aggregate_id, version, action, type, unit_id, from_state, to_state, payload"
)
PARTS = {
    "task": "SELECT * FROM task WHERE {these} ORDER BY created_at, id",
    "sla_clock": "SELECT * FROM sla_clock WHERE stopped_at IS NULL AND {these} ORDER BY started_at, id",
    "event": f"SELECT {TOLD} FROM event WHERE {{these}} ORDER BY pos",
    "standing": "SELECT * FROM standing WHERE {these} ORDER BY id",
    "evaluation": f"SELECT *, {OF_OWN_UNIT} FROM evaluation WHERE {{these}} ORDER BY id",
    "co_issuer": "SELECT * FROM co_issuer WHERE {these} ORDER BY id",
}
FINGERPRINT = """SELECT
    (SELECT count(*) FROM event) AS events,
    (SELECT count(*) FROM idempotency_key) AS keys,
    (SELECT sum(last_number) FROM number_series) AS numbers,
    (SELECT sum(version) FROM summons) AS versions_of_summonses,
    (SELECT sum(version) FROM task) AS versions_of_tasks,
    (SELECT count(*) FROM sla_clock) AS clocks,
    (SELECT count(stopped_at) FROM sla_clock) AS stopped,
    (SELECT count(next_at) FROM sla_clock) AS waiting,
    (SELECT sum(stage) FROM sla_clock) AS stages,
    (SELECT count(*) FROM standing) AS standings,
    (SELECT count(*) FROM co_issuer) AS co_issuers,
    (SELECT count(signed_at) FROM co_issuer) AS signatures,
    (SELECT count(*) FROM proposal) AS proposals,
    (SELECT count(answered_at) FROM proposal) AS answers,
    (SELECT count(*) FROM attendance) AS attendances,
    (SELECT count(*) FROM decline) AS declines,
    (SELECT count(ruled_at) FROM decline) AS rulings,
    (SELECT count(*) FROM evaluation) AS evaluations"""


MISCOUNTED = """SELECT path, state, sum(number) AS number FROM (
    SELECT path, state, 1 AS number FROM summons UNION ALL SELECT path, state, -number FROM tally) AS both_sides
    GROUP BY path, state HAVING sum(number) <> 0"""


@dataclass
class Story:
    """The fields bear the names of the tables; of the clocks, only those that have not ended (a paused one has not)."""

    summons: Row
    task: list[Row] = field(default_factory=list)
    sla_clock: list[Row] = field(default_factory=list)
    event: list[Row] = field(default_factory=list)
    standing: list[Row] = field(default_factory=list)
    evaluation: list[Row] = field(default_factory=list)
    co_issuer: list[Row] = field(default_factory=list)

    @property
    def state(self) -> str:
        return str(self.summons["state"])

    @property
    def live(self) -> list[Row]:
        return [task for task in self.task if task["state"] not in ENDED]

    @property
    def unsigned(self) -> list[Row]:
        return [joined for joined in self.co_issuer if joined["state"] == "ASKED"]

    @property
    def pos(self) -> int:
        """Of the last event."""
        return int(str(self.event[-1]["pos"]))

    @property
    def parts(self) -> list[str]:
        """Tables that may have rows of it, besides events."""
        scored = any(event["type"] in ("task.evaluated", "task.evaluated_partly") for event in self.event)
        maybe = {"evaluation": scored, "co_issuer": bool(self.summons["joint"])}
        return [table for table in PARTS if table != "event" and maybe.get(table, True)]

    def clocks_of(self, one: Row) -> list[Row]:
        """The clocks of a task, or those of the summons itself."""
        task = one["id"] if "summons_id" in one else None
        return [clock for clock in self.sla_clock if clock["task_id"] == task]

    @cached_property
    def told(self) -> dict[object, list[Row]]:
        """The events of the summons and of each of its tasks, by id."""
        events: dict[object, list[Row]] = {thing["id"]: [] for thing in (self.summons, *self.task)}
        for event in self.event:
            events.setdefault(event["aggregate_id"], []).append(event)
        return events


async def query(sql: str, *values: object) -> list[Row]:
    """`?` stands for the only value, on either database."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        sql = sql.replace("?", "$1")
    return [dict(row) for row in await connection.execute_query_dict(sql, list(values))]


async def story_of(id: str, told: list[Row], *, known: "Story | None" = None) -> Story:
    """As it is now. Events are only ever added, so those of `known` are not read again."""
    [summons] = await query("SELECT * FROM summons WHERE id = ?", id)
    story = Story(summons, event=[*(known.event if known else []), *told])
    for table in story.parts:
        setattr(story, table, await query(PARTS[table].format(these="summons_id = ?"), id))
    return story


async def all_stories() -> list[Story]:
    found = {row["id"]: Story(row) for row in await query("SELECT * FROM summons ORDER BY id")}
    for table, sql in PARTS.items():
        for row in await query(sql.format(these="summons_id IS NOT NULL")):
            getattr(found[row["summons_id"]], table).append(row)
    return list(found.values())


async def miscounted() -> list[Row]:
    """Where the tallies are not what counting the summonses gives."""
    return await query(MISCOUNTED)


def moment(value: object) -> datetime:
    """A column's moment: SQLite has text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
