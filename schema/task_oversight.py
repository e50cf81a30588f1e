"""Mutations of those who watch over a task: the village, the town, the district, the arbiter."""

from datetime import datetime

import strawberry

from resolvers import evaluations, steps
from schema.changes import Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, NOTE, REASON, ScoreInput, TaskInput


@strawberry.input(description="An arbiter's ruling that the matter stays with the unit (驳回退约).")
class OverruleDeclineInput(TaskInput):
    ground: str = needed("Written ground of the ruling, which becomes a precedent; 1 to 20,000 characters.")


@strawberry.input(description="An arbiter's ruling that the unit was right to decline (支持退约).")
class UpholdDeclineInput(TaskInput):
    ground: str = needed("Written ground of the ruling, which becomes a precedent; 1 to 20,000 characters.")
    reassign_to: ID | None = given(
        "The unit that gets the task instead (改派); left out: the village chooses again."
    )


@strawberry.input(description="A unit's open wish for another time, which the village grants (同意改期).")
class AgreeRescheduleInput(TaskInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A unit's open wish for another time, which the village refuses (不同意改期).")
class RefuseRescheduleInput(TaskInput):
    reason: str = needed(REASON)


@strawberry.input(
    description="A unit's open offer to settle without a visit, which the village takes (同意远程办理)."
)
class AgreeRemoteInput(TaskInput):
    note: str | None = given(NOTE)


@strawberry.input(description="The village's word that somebody of the unit has arrived (确认到场).")
class ConfirmArrivalInput(TaskInput):
    member: ID | None = given("Who of the unit came; the responsible member when left out.")
    arrived_at: datetime | None = given("When they came, not in the future; now when left out.")
    note: str | None = given(NOTE)


@strawberry.input(description="A unit's open wish to let the work rest, which is granted (同意挂账).")
class ApproveHoldInput(TaskInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A unit's open wish to let the work rest, which is refused (不同意挂账).")
class RefuseHoldInput(TaskInput):
    reason: str = needed(REASON)


@strawberry.input(description="A unit's open wish for more time, which is granted (同意延期).")
class ExtendTaskInput(TaskInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A result that is not good enough, and why (退回重办).")
class ReturnForReworkInput(TaskInput):
    reason: str = needed(REASON)


@strawberry.input(description="The scores of the caller's area for a unit's result (评价).")
class EvaluateTaskInput(TaskInput):
    scores: list[ScoreInput] = needed("One score for each dimension of the template.")
    comment: str | None = given(
        "Words beside the scores, at most 2,000 characters; a low score must have them."
    )


@strawberry.input(description="The scores of the town around the issuer for a unit's result (镇街评价).")
class EvaluateForTownInput(EvaluateTaskInput):
    pass


@strawberry.input(description="The scores of the district around the issuer for a unit's result (区级评价).")
class EvaluateForDistrictInput(EvaluateTaskInput):
    pass


@strawberry.input(description="A resident who is to rate a unit's result by a link (邀请群众评价).")
class AskResidentInput(Repeatable):
    task: ID = needed("Id of the task whose result is to be rated.")
    days: int = given("For how many days the link can be used, 1 to 30.", default=14)


@strawberry.input(description="A task that is taken from its unit, why, and who gets it (强制改派).")
class ForceReassignTaskInput(TaskInput):
    reason: str = needed(REASON)
    reassign_to: ID = needed("The unit that gets the task instead; it must have no live task here.")


@strawberry.input(description="A reminder to the unit that it should get on (催办).")
class UrgeTaskInput(TaskInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A leader's written instruction about a task (批示).")
class InstructTaskInput(TaskInput):
    note: str = needed("The instruction itself, kept in the history; 1 to 2,000 characters.")


@strawberry.type
class TaskOversight:
    overrule_decline = change(
        "task",
        OverruleDeclineInput,
        steps.of_task("overrule"),
        "Rule that the matter stays with the unit that declined (驳回退约). For the arbiter of the present level.",
    )
    uphold_decline = change(
        "task",
        UpholdDeclineInput,
        steps.uphold_decline,
        "Rule that the unit was right to decline (支持退约), and give the task to another unit or back to the village.",
    )
    agree_reschedule = change(
        "task",
        AgreeRescheduleInput,
        steps.of_task("agreeReschedule"),
        "Agree to the time that the unit proposed (同意改期); the limit for its arrival moves there.",
    )
    refuse_reschedule = change(
        "task",
        RefuseRescheduleInput,
        steps.of_task("refuseReschedule"),
        "Keep the time that was agreed before (不同意改期).",
    )
    agree_remote = change(
        "task",
        AgreeRemoteInput,
        steps.of_task("agreeRemote"),
        "Agree that the matter is settled without a visit (同意远程办理); it counts as arrived.",
    )
    confirm_arrival = change(
        "task",
        ConfirmArrivalInput,
        steps.of_task("confirmArrival"),
        "Record for the village who came and when (确认到场).",
    )
    approve_hold = change(
        "task",
        ApproveHoldInput,
        steps.of_task("approveHold"),
        "Let the work rest until the day the unit named (同意挂账); its limit rests with it.",
    )
    refuse_hold = change(
        "task",
        RefuseHoldInput,
        steps.of_task("refuseHold"),
        "Refuse to let the work rest (不同意挂账); it goes on.",
    )
    extend_task = change(
        "task",
        ExtendTaskInput,
        steps.of_task("extend"),
        "Grant the working days the unit asked for (同意延期): once by the village, a second time by the town.",
    )
    return_for_rework = change(
        "task",
        ReturnForReworkInput,
        steps.of_task("returnForRework"),
        "Send a result back to be done better (退回重办): twice by the village, a third time only by the town.",
    )
    evaluate_task = change(
        "task",
        EvaluateTaskInput,
        steps.of_task("evaluatePart", "evaluate"),
        "Score a unit's result for the caller's area (评价); the last issuing area's scores complete the task. Nobody "
        "scores their own unit.",
    )
    evaluate_for_town = change(
        "evaluation",
        EvaluateForTownInput,
        evaluations.evaluate_for_town,
        "Score a unit's result for the town (镇街评价), before or after the issuing areas. Where the town issued the "
        "summons itself, `evaluateTask` is its way to score.",
    )
    evaluate_for_district = change(
        "evaluation",
        EvaluateForDistrictInput,
        evaluations.evaluate_for_district,
        "Score a unit's result for the district (区级评价), where the template has a part for it.",
    )
    ask_resident = change(
        "task",
        AskResidentInput,
        evaluations.ask_resident,
        "Make a link by which one resident rates a unit's result, once and without an account (邀请群众评价): by "
        "`POST /ratings`. For those who score it for an issuing area; at most 20 for each round of a task.",
        secret="The link's token, to be handed to the resident. It is shown only this once: null when nothing changed, "
        "and when an answer is given again for the same idempotency key.",
    )
    force_reassign_task = change(
        "task",
        ForceReassignTaskInput,
        steps.of_task("forceReassign"),
        "Take a task from its unit and give it to another (强制改派). For the town and the district.",
    )
    urge_task = change(
        "task",
        UrgeTaskInput,
        steps.of_task("urge"),
        "Remind the unit that it should get on (催办); the village at most once a day.",
    )
    instruct_task = change(
        "task",
        InstructTaskInput,
        steps.of_task("instruct"),
        "Write an instruction about a task (批示). For leaders of the town and the district.",
    )
