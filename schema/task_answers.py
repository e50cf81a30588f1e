"""Mutations of the summoned unit: its answer, its visit, its work and its result."""

from datetime import datetime

import strawberry

from models import DeclineReason, Outcome
from resolvers import steps
from schema.changes import change
from schema.fields import given, needed
from schema.inputs import ID, NOTE, REASON, AppointmentInput, TaskInput


@strawberry.input(
    description="The unit's answer that it will come, perhaps with the time and the person (应约)."
)
class AcceptTaskInput(TaskInput):
    appointment: AppointmentInput | None = given(
        "Another time the unit proposes; the village's holds until it agrees."
    )
    responsible: ID | None = given("The responsible member (责任人), named at once.")
    note: str | None = given(NOTE)


@strawberry.input(description="The unit's answer that the matter is not its duty (退约).")
class DeclineTaskInput(TaskInput):
    decline_reason: DeclineReason = needed("Why it is not the unit's own, as one of five.", name="reason")
    note: str = needed("The unit's reasons for the arbiter; 1 to 2,000 characters.")
    duty_item: ID = needed(
        "A line of a duty list of this unit or of the suggested one, which the unit cites."
    )
    suggested_unit: ID = needed("The unit that is thought to be right; not the declining one.")


@strawberry.input(description="Who of the unit will come and see to it (明确责任人).")
class AssignTaskInput(TaskInput):
    member: ID = needed("A responsible member of the unit, senior enough for the summons's tier.")
    note: str | None = given(NOTE)


@strawberry.input(description="Another time that the unit proposes for its visit (申请改期).")
class ProposeRescheduleInput(TaskInput):
    appointment: AppointmentInput = needed(
        "The new time; it holds once the village agrees or is silent for a day."
    )
    note: str | None = given(NOTE)


@strawberry.input(description="The unit's offer to settle the matter without a visit (提出远程办理).")
class ProposeRemoteInput(TaskInput):
    how: str = needed("How it will be settled without a visit; 1 to 2,000 characters.")


@strawberry.input(description="The responsible member's word that they have arrived (报到).")
class CheckInInput(TaskInput):
    village_code: str | None = given(
        "The six digits the village shows now; without them only the unit's word counts."
    )
    note: str | None = given(NOTE)


@strawberry.input(description="How the work gets on (填写进展).")
class AddProgressInput(TaskInput):
    note: str = needed("What was done since, kept in the history; 1 to 2,000 characters.")


@strawberry.input(description="The unit's wish that the work may rest for a while (申请挂账).")
class RequestHoldInput(TaskInput):
    reason: str = needed(REASON)
    plan: str = needed("What will happen until work goes on; 1 to 2,000 characters.")
    resume_at: datetime = needed("When work goes on; within 90 days.")


@strawberry.input(description="Work that goes on before the day that was agreed (恢复办理).")
class ResumeTaskInput(TaskInput):
    note: str | None = given(NOTE)


@strawberry.input(description="The unit's wish for more time (申请延期).")
class RequestExtensionInput(TaskInput):
    reason: str = needed(REASON)
    days: int = needed("How many working days more, 1 to 30.")


@strawberry.input(description="The lead unit's wish that another unit joins in (请求协办).")
class CallCoUnitInput(TaskInput):
    unit: ID = needed("The unit that is wanted; it must have no live task here.")
    note: str = needed("What it is wanted for; 1 to 2,000 characters.")


@strawberry.input(description="What came of the unit's work (提交结果).")
class SubmitResultInput(TaskInput):
    outcome: Outcome = needed("How the matter ended in the unit's view.")
    text: str = needed("What was done, in words; 1 to 20,000 characters.")


@strawberry.type
class TaskAnswers:
    accept_task = change(
        "task",
        AcceptTaskInput,
        steps.accept_task,
        "Answer for the unit that it will come (应约). With a responsible member it is assigned at once; with another "
        "time the village is asked to agree.",
    )
    decline_task = change(
        "task",
        DeclineTaskInput,
        steps.of_task("decline"),
        "Answer for the unit that it is not its duty (退约), once and in time; an arbiter rules within a working day. "
        "Only for the unit's head.",
    )
    assign_task = change(
        "task",
        AssignTaskInput,
        steps.of_task("assign", "changeMember"),
        "Name the responsible member (明确责任人), or another one before the arrival.",
    )
    propose_reschedule = change(
        "task",
        ProposeRescheduleInput,
        steps.of_task("proposeReschedule"),
        "Ask to come at another time (申请改期), at most twice; silence for 1 working day is consent.",
    )
    propose_remote = change(
        "task",
        ProposeRemoteInput,
        steps.of_task("proposeRemote"),
        "Offer to settle the matter without a visit (提出远程办理); silence means that a visit is wanted.",
    )
    check_in = change(
        "task",
        CheckInInput,
        steps.of_task("checkIn"),
        "Report for duty at the village (报到), as the responsible member; its code proves that both sides were there.",
    )
    add_progress = change(
        "task",
        AddProgressInput,
        steps.of_task("addProgress"),
        "Tell how the work gets on (填写进展); no clock moves.",
    )
    request_hold = change(
        "task",
        RequestHoldInput,
        steps.of_task("requestHold"),
        "Ask that the work may rest until a day within 90 days (申请挂账). Only for the unit's head.",
    )
    resume_task = change(
        "task",
        ResumeTaskInput,
        steps.of_task("resume"),
        "Go on with work that was on hold (恢复办理), with the time that was left; the village and the town may too.",
    )
    request_extension = change(
        "task",
        RequestExtensionInput,
        steps.of_task("requestExtension"),
        "Ask for more working days to resolve (申请延期); silence for 1 working day is refusal.",
    )
    call_co_unit = change(
        "task",
        CallCoUnitInput,
        steps.of_task("callCoUnit"),
        "Ask that another unit joins in (请求协办), as the lead unit; the village answers with addUnit.",
    )
    submit_result = change(
        "task",
        SubmitResultInput,
        steps.of_task("submitResult"),
        "Submit what came of the work (提交结果); the lead unit waits until the others have.",
    )
