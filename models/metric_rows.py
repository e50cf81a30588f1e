"""The rows of each metric, as SQL: which ones there are, and whether each is in the numerator and the denominator.

Each is a SELECT of id, path, category, unit_id (of rows that belong to one unit), counted and due: 1 where the row is
part of the numerator and of the denominator. It looks at nothing that an event after `{end}` could change.

`{issued}` are the summonses asked about, `{given}` their tasks, `{scored}` their evaluations, `{followed}` their
follow-ups (whose rows tell their summons_id too) and `{villages}` the villages of the area, all as far as the reader
may read them. elapsed(a, b) is in milliseconds.
"""

from datetime import timedelta

from models.summons import Tier

PASS_MARK = 60
"""A satisfaction from here on counts as satisfied, whatever score an area wants explained."""
FEEDBACK_WITHIN = {
    Tier.NORMAL: timedelta(days=7),
    Tier.KEY: timedelta(hours=24),
    Tier.DIFFICULT: timedelta(days=15),
    Tier.EMERGENCY: timedelta(hours=2),
}
"""Wall time from the task's beginning (the draft of Beijing's 12345 rules)."""


def _if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


_ALLOWED = " ".join(
    f"WHEN '{tier}' THEN {limit // timedelta(milliseconds=1)}" for tier, limit in FEEDBACK_WITHIN.items()
)
_TASK = "given.id, issued.path, issued.category, given.unit_id"
_GIVEN = "{issued} AS issued JOIN {given} AS given ON given.summons_id = issued.id"
_OF_TASK = "event.summons_id = issued.id AND event.task_id = given.id AND event.at <= {end}"

CLOSING = f"""SELECT issued.id, issued.path, issued.category, {_if("standing.resolved")} AS counted,
    {_if("standing.resolved OR standing.limit_at <= {end}")} AS due
FROM {{issued}} AS issued JOIN standing ON standing.summons_id = issued.id AND standing.since <= {{end}}
    AND (standing.until IS NULL OR standing.until > {{end}})"""

_UNANSWERED = """sla_clock.due_at <= {end}
        AND (sla_clock.stopped_at IS NULL OR sla_clock.stopped_at > sla_clock.due_at)"""
ACCEPTED = f"""SELECT {_TASK},
    {_if("given.accepted_at <= {end} AND given.accepted_at <= sla_clock.due_at")} AS counted,
    {_if(f"given.accepted_at <= {{end}} OR {_UNANSWERED}")} AS due
FROM {_GIVEN} JOIN sla_clock ON sla_clock.summons_id = issued.id AND sla_clock.task_id = given.id
    AND sla_clock.kind = 'ACCEPT'
WHERE NOT EXISTS (SELECT 1 FROM decline WHERE decline.task_id = given.id AND decline.declined_at <= {{end}})"""

ARRIVED = f"""SELECT {_TASK},
    MAX({_if("event.type = 'task.checked_in' AND NOT attendance.late")}) AS counted, 1 AS due
FROM {_GIVEN} JOIN event ON {_OF_TASK} AND event.type IN ('task.checked_in', 'task.no_show')
    LEFT JOIN attendance ON attendance.task_id = given.id
GROUP BY {_TASK}"""

FIRST_FEEDBACK = f"""SELECT id, path, category, unit_id, {_if("elapsed(created_at, fed) <= allowed")} AS counted,
    {_if("fed IS NOT NULL OR elapsed(created_at, COALESCE(gone, {end})) >= allowed")} AS due
FROM (SELECT {_TASK}, given.created_at, CASE issued.tier {_ALLOWED} END AS allowed,
    MIN(CASE WHEN event.type IN ('task.progressed', 'task.resolved') THEN event.at END) AS fed,
    MIN(CASE WHEN event.type IN ('task.withdrawn', 'task.reassigned') THEN event.at END) AS gone
FROM {_GIVEN} LEFT JOIN event ON {_OF_TASK}
    AND event.type IN ('task.progressed', 'task.resolved', 'task.withdrawn', 'task.reassigned')
GROUP BY {_TASK}, given.created_at, issued.tier) AS told"""

_SCORE = "CAST(COALESCE(appeal.scores_before, scored.scores)->>'SATISFACTION' AS FLOAT)"
_BY_ISSUER = """(scored.area_id = issued.issuer_id OR EXISTS (SELECT 1 FROM co_issuer
    WHERE co_issuer.summons_id = issued.id AND co_issuer.area_id = scored.area_id AND co_issuer.state = 'SIGNED'))"""
_EVALUATED = """EXISTS (SELECT 1 FROM event WHERE event.summons_id = issued.id AND event.task_id = scored.task_id
    AND event.type IN ('task.evaluated', 'task.evaluation_defaulted')
    AND event.at >= scored.submitted_at AND event.at <= {end})"""
SATISFACTION = f"""SELECT scored.id, issued.path, issued.category, scored.unit_id,
    {_if(f"{_SCORE} >= {PASS_MARK}")} AS counted, 1 AS due
FROM {{issued}} AS issued JOIN {{scored}} AS scored ON scored.summons_id = issued.id
    LEFT JOIN appeal ON appeal.evaluation_id = scored.id AND appeal.ruled_at > {{end}}
WHERE {_SCORE} IS NOT NULL AND {_BY_ISSUER} AND {_EVALUATED}"""

REOPENED = f"""SELECT issued.id, issued.path, issued.category,
    MAX({_if("event.type = 'summons.reopened' AND event.from_state = 'CLOSED'")}) AS counted,
    MAX({_if("event.type = 'summons.closed'")}) AS due
FROM {{issued}} AS issued JOIN event ON event.summons_id = issued.id AND event.at <= {{end}}
    AND event.type IN ('summons.closed', 'summons.reopened')
GROUP BY issued.id, issued.path, issued.category"""

WHISTLE = """SELECT issued.id, issued.path, issued.category, 1 AS counted, 0 AS due FROM {issued} AS issued
UNION ALL SELECT village.code, village.path, NULL, 0, 1 FROM {villages} AS village"""

_FOLLOWED = "{issued} AS issued JOIN {followed} AS followed ON followed.summons_id = issued.id"
_FOLLOWUP = "SELECT followed.id, issued.path, issued.category, followed.summons_id"
_ENDED = "followed.ended_at <= {end}"
_DONE = f"followed.state = 'DONE' AND {_ENDED}"
_FALLEN_DUE = f"{_if(f'{_ENDED} OR followed.due_at <= {{end}}')} AS due"

FOLLOWED_UP = f"""{_FOLLOWUP}, {_if(f"{_DONE} AND followed.ended_at <= followed.due_at")} AS counted, {_FALLEN_DUE}
FROM {_FOLLOWED}"""

FOLLOWUP_CONFIRMED = f"""{_FOLLOWUP}, {_if("followed.outcome = 'CONFIRMED'")} AS counted, 1 AS due
FROM {_FOLLOWED} WHERE {_DONE}"""

FOLLOWUP_SKIPPED = f"""{_FOLLOWUP}, {_if(f"followed.state = 'MISSED' AND {_ENDED}")} AS counted, {_FALLEN_DUE}
FROM {_FOLLOWED}"""
