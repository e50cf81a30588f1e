"""Tasks, as clients see them, with all that is said and done about them."""

from datetime import datetime

import strawberry

from models import DeclineReason, Outcome, ProposalKind, TaskState
from resolvers import availability, events, ledger
from resolvers import evaluations as resolve_evaluations
from resolvers import tasks as resolve
from resolvers.appointments import appointment
from schema.evaluations import Evaluation, TaskScore
from schema.events import EventConnection
from schema.fields import attribute, field, publish_input
from schema.ledger import TimeLedger
from schema.members import Member
from schema.nodes import AFTER_OWN_EVENT, Node
from schema.summons import Appointment, AvailableAction, Summons
from schema.units import DutyItem, Unit

publish_input(
    resolve.TaskFilter,
    "What narrows a list of tasks; every condition that is given must hold.",
    state="Only those in one of these states.",
    unit="Only those given to this unit.",
    area="Only those of summonses issued in this area or below it.",
    responsible="Only those whose responsible member this is.",
    overdue="Only those whose running limit has passed; false: only all others.",
    updated_since="Only those changed at this moment or later.",
)


@strawberry.type(description="What the unit says came of its work (办理结果).")
class TaskResult:
    outcome: Outcome = attribute("How the matter ended in the unit's view.", of="result_outcome")
    text: str = attribute("What was done, in words; at most 20,000 characters.", of="result_text")
    submitted_at: datetime = attribute(
        "When the unit submitted it; a later result takes its place.", of="result_at"
    )


@strawberry.type(
    description="A unit's objection that the matter is not its duty (退约), and the ruling on it."
)
class Decline:
    reason: DeclineReason = attribute("Why it is not the unit's own, as one of five.")
    note: str = attribute("The unit's reasons in words; at most 2,000 characters.")
    duty_item: DutyItem | None = field(resolve.duty_item, "The line of a duty list that the unit cites.")
    suggested_unit: Unit | None = field(resolve.suggested_unit, "The unit that it thinks is right.")
    declined_at: datetime = attribute("When the unit declined.")
    ruling: str | None = attribute("OVERRULED, REASSIGNED or RETURNED (裁定); null until somebody has ruled.")
    ground: str | None = attribute("The written ground of the ruling; null until somebody has ruled.")
    ruled_at: datetime | None = attribute("When the ruling was given; null until then.")


@strawberry.type(description="Somebody of the unit came (报到), or settled the matter remotely with consent.")
class Attendance:
    arrived_at: datetime = attribute("When they came.")
    member: Member | None = field(
        resolve.member_of_attendance,
        "Who came; null when the village did not say or the caller may not know.",
    )
    late: bool = attribute("Whether they came after the agreed time.")
    confirmed_by_village: bool = field(
        resolve.confirmed_by_village,
        "Whether the village's code or tap proves it; false: only the unit says so.",
    )
    remote: bool = field(resolve.remote, "Whether the matter was handled without a visit (远程办理).")


@strawberry.type(description="Something the unit asks of the village and that waits for an answer (申请).")
class Proposal:
    kind: ProposalKind = attribute("What is asked for; it says which other fields are set.")
    text: str = attribute("Why, or how, in the unit's words.")
    appointment: Appointment | None = field(appointment, "The new time; only in a RESCHEDULE.")
    days: int | None = attribute("How many working days more, 1 to 30; only in an EXTENSION.")
    resume_at: datetime | None = attribute("When work is to go on; only in a HOLD.")
    unit: Unit | None = field(resolve.unit_of_proposal, "The unit that is to join; only in a CO_UNIT.")
    with_town: bool = attribute("Whether the village kept silent, so that the town is asked now.")
    proposed_at: datetime = attribute("When the unit asked.")


@strawberry.type(
    description="What one summoned unit has to do about a summons (任务), with its own state, people and limits."
)
class Task(Node):
    summons: Summons = field(resolve.summons, "The summons it belongs to.")
    unit: Unit = field(resolve.unit, "The unit that is summoned.")
    lead: bool = attribute("Whether the unit leads the others (主办), so that it waits for their results.")
    state: TaskState = attribute("Where it stands between the summons and the scores.")
    responsible: Member | None = field(
        resolve.responsible, "The responsible member (责任人); null before one is named."
    )
    appointment: Appointment | None = field(appointment, "When the unit has agreed to come; null before.")
    attendance: Attendance | None = field(
        resolve.attendance, "Who came and when, the last time; null before."
    )
    decline: Decline | None = field(resolve.decline, "The unit's objection, if it made one, and the ruling.")
    result: TaskResult | None = field(resolve.result, "The unit's last result; null before the first.")
    evaluations: list[Evaluation] = field(
        resolve.evaluations,
        "Scores of each area that gave any, oldest first, as far as the caller may read them.",
    )
    score: TaskScore | None = field(
        resolve_evaluations.score,
        "What the parts of all parties come to in its present round; null before the first one, and for whoever may "
        "not read them.",
    )
    proposals: list[Proposal] = field(
        resolve.proposals,
        "What the unit asks and nobody has answered yet, oldest first; one of each kind at most.",
    )
    due_at: datetime | None = attribute("Limit of the clock that runs now; null while none runs.")
    overdue: bool = field(resolve.overdue, "Whether that limit has passed.")
    escalation_level: int = attribute("0 to 3: told to nobody, the unit's head, the town, the district.")
    round: int = attribute(
        "The round of its summons that it was opened or last reopened in; 1 at first. A round in which it was left out "
        "is skipped."
    )
    updated_at: datetime = attribute("When the last event happened to it.")
    version: int = attribute(
        "Counts its own events from 1; hand it back to be refused when somebody was faster."
    )
    time_ledger: TimeLedger = field(
        ledger.time_ledger,
        "Whose time its life so far was (时间账): the parts add up to the whole.",
    )
    history: EventConnection = field(
        events.history_of_task,
        "What happened to it, oldest first, as far as the caller may read it.",
        **AFTER_OWN_EVENT,
    )
    available_actions: list[AvailableAction] = field(
        availability.available_actions,
        "Every action of its present state, allowed to the caller or not, and why not.",
    )
