"""Where a random walk goes: to rows of the table not yet taken, then to those seldom tried. Judges nothing."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

from walk_stories import Row, Story, moment
from walk_way import Kind

from models import clock
from models.workflow import LADDERS, WAITING

SPEC = Path(__file__).parent / "spec" / "transitions.csv"
ROWS = list(csv.DictReader(SPEC.open(encoding="utf-8")))
"""Without the residents, whose requests are no part of the walk."""
IN_FORCE: dict[Kind, dict[str, str]] = {
    (row["machine"], row["action"], row["frm"]): row
    for row in ROWS
    if row["id"] not in WAITING and row["action"] != "residentReopen"
}
SIBLINGS: dict[tuple[str, str], list[Kind]] = defaultdict(list)
"""The rows of an action, one for each state it starts from."""
CHOICES: dict[tuple[str, str], list[Kind]] = defaultdict(list)
"""What can be done in a state of a machine; losing the responsible member counts as done."""
for kind, row in IN_FORCE.items():
    SIBLINGS[kind[:2]].append(kind)
    if row["kind"] == "U" or row["action"] == "memberLost":
        CHOICES[row["machine"], row["frm"]].append(kind)

GATED = "440606104219"
"""The village whose summonses must pass the town's gate."""
LONG = 40
"""Events after which a story goes straight on to its end, so that there is room for others."""
STRAIGHT_ON = {"accept", "assign", "overrule", "confirmArrival", "resume", "submitResult", "evaluate"}
STRAIGHT_ON |= {"evaluatePart", "followupConfirmed"}
DETOURS = {"cancel", "cancelWithConsent", "closeUnresolved", "sendBack", "gateReturn", "forceReassign"}
DETOURS |= {"addUnit", "returnForRework", "reopen", "followupFailed"}
HARDLY, RARELY, EAGERLY, AT_LAST = 0.005, 0.15, 20.0, 15.0

ANSWERED = {
    "agreeReschedule": "RESCHEDULE_ANSWER",
    "refuseReschedule": "RESCHEDULE_ANSWER",
    "agreeRemote": "REMOTE_ANSWER",
    "approveHold": "HOLD_ANSWER",
    "refuseHold": "HOLD_ANSWER",
    "extend": "EXTENSION_ANSWER",
    "ratify": "RATIFY",
}
"""The clock that runs where the step has something to answer."""


def weight(story: Story, one: Row, kind: Kind, taken: Counter[Kind], tried: Counter[Kind]) -> float:
    """How much the step is worth trying on `one`, the summons or a task of the story."""
    action, likely = kind[1], 1 if promises(story, one, kind[1]) else HARDLY
    if not all(taken[row] for row in (kind, *_consequences(story, action))):
        liking = EAGERLY
    elif action in DETOURS or not all(taken[row] for row in SIBLINGS[kind[:2]]):
        liking = RARELY
    else:
        liking = AT_LAST if action in STRAIGHT_ON and len(story.event) > LONG else 1
    return likely * liking / (1 + tried[kind])


def promises(story: Story, one: Row, action: str) -> bool:
    """Whether the step may well be taken, as far as the story shows."""
    gated = story.summons["issuer_id"] == GATED
    match action:
        case "issueEmergency":
            return story.summons["tier"] == "EMERGENCY"
        case "issue" | "requestGate":
            return not story.unsigned and gated is (action == "requestGate")
        case "requestCosign":
            return bool(story.unsigned)
        case "releaseUnit":
            return len(story.live) > 1
        case "submitResult":
            others = {task["state"] for task in story.live if task["id"] != one["id"]}
            return not one["lead"] or others <= {"RESOLVED"}
        case "callCoUnit":
            return bool(one["lead"])
        case "cancelWithConsent":
            return not any(task["state"] in ("ARRIVED", "ON_HOLD", "RESOLVED") for task in story.live)
        case "decline":
            return any(limit["kind"] == "ACCEPT" and not is_due(limit) for limit in story.clocks_of(one))
    wanted = ANSWERED.get(action)
    return wanted is None or any(limit["kind"] == wanted for limit in story.clocks_of(one))


def _consequences(story: Story, action: str) -> list[Kind]:
    """Steps of the system that follow at once, where it takes some luck to come upon them."""
    match action:
        case "cancelWithConsent" | "closeUnresolved" | "releaseUnit":
            return [("task", "withdraw", str(task["state"])) for task in story.live]
        case "decline" | "upholdReturn" | "forceReassign" if len(story.live) == 1:
            return [("summons", "retarget", story.state)]
    return []


def is_due(limit: Row) -> bool:
    return limit["next_at"] is not None and moment(limit["next_at"]) <= clock.now()


def new_timers(story: Story, taken: Counter[Kind]) -> list[Row]:
    """The clocks that will ring for a row not yet taken."""
    return [
        limit
        for one in (story.summons, *story.live)
        for limit in story.clocks_of(one)
        if limit["next_at"] and any(kind in IN_FORCE and not taken[kind] for kind in rings(limit, one))
    ]


def rings(limit: Row, one: Row) -> list[Kind]:
    """The rows of which the clock of `one` will take one, when it rings next."""
    machine = next((name for name in ("task", "order", "request") if limit[f"{name}_id"]), "summons")
    rungs = LADDERS[limit["kind"]][limit["stage"] : limit["stage"] + 1]
    return [(machine, action, str(one["state"])) for rung in rungs for action in rung.actions]
