"""Mutations of a summons that was issued: its units, its follow-up, its end."""

import strawberry

from models import Outcome
from resolvers import steps
from schema.changes import change
from schema.fields import given, needed
from schema.inputs import ID, NOTE, REASON, SummonsInput


@strawberry.input(description="Another unit for a summons that is under way (增加约请对象).")
class AddUnitInput(SummonsInput):
    unit: ID = needed("The unit to summon too; it must have no live task here.")
    note: str | None = given(NOTE)


@strawberry.input(description="A unit that is no longer needed, and why (退出约请对象).")
class ReleaseUnitInput(SummonsInput):
    unit: ID = needed("The unit whose live task is withdrawn; the last one cannot be released.")
    reason: str = needed(REASON)


@strawberry.input(description="What a follow-up found: the matter was settled (回访确认).")
class ConfirmFollowUpInput(SummonsInput):
    outcome: Outcome | None = given("RESOLVED or PARTIAL; taken from the units' results when left out.")
    note: str | None = given(NOTE)


@strawberry.input(description="What a follow-up found: the matter was not settled (回访不通过).")
class FailFollowUpInput(SummonsInput):
    note: str = needed("What is still missing, kept in the history; 1 to 2,000 characters.")


@strawberry.input(description="A closed summons, why it is taken up again, and by whom (重新办理).")
class ReopenSummonsInput(SummonsInput):
    reason: str = needed(REASON)
    tasks: list[ID] | None = given(
        "Evaluated tasks to work on again, at most 50; needed unless a new unit is named."
    )
    units: list[ID] | None = given("New units to summon, at most 50; needed unless a task is chosen.")


@strawberry.input(description="A summons to take back, and why (撤销约请).")
class CancelSummonsInput(SummonsInput):
    reason: str = needed(REASON)


@strawberry.input(
    description="A summons that ends without being settled, with a plan or an explanation (未办结归口)."
)
class CloseSummonsUnresolvedInput(SummonsInput):
    outcome: Outcome = needed("PARTIAL, UNRESOLVED or TRANSFERRED.")
    explanation: str = needed("Plan or written explanation for the village; 1 to 20,000 characters.")


@strawberry.type
class SummonsSteps:
    add_unit = change(
        "summons",
        AddUnitInput,
        steps.of_summons("addUnit"),
        "Summon another unit too (增加约请对象), on one's own or because the lead unit asked for it.",
    )
    release_unit = change(
        "summons",
        ReleaseUnitInput,
        steps.of_summons("releaseUnit"),
        "Let a unit go where others remain (退出约请对象); its task is withdrawn.",
    )
    confirm_follow_up = change(
        "summons",
        ConfirmFollowUpInput,
        steps.of_summons("followupConfirmed"),
        "Close a summons because the follow-up found it settled (回访确认).",
    )
    fail_follow_up = change(
        "summons",
        FailFollowUpInput,
        steps.of_summons("followupFailed"),
        "Take a summons up again because the follow-up found it not settled (回访不通过); half the time to resolve.",
    )
    reopen_summons = change(
        "summons",
        ReopenSummonsInput,
        steps.of_summons("reopen"),
        "Take a closed summons up again (重新办理) within 30 days, at most twice; half the time to resolve.",
    )
    cancel_summons = change(
        "summons",
        CancelSummonsInput,
        steps.of_summons("cancel", "cancelWithConsent"),
        "Take a summons back (撤销): by the issuer before work has begun, later by the town or district while no unit "
        "has arrived. Live tasks are withdrawn with it.",
    )
    close_summons_unresolved = change(
        "summons",
        CloseSummonsUnresolvedInput,
        steps.of_summons("closeUnresolved"),
        "End a summons that cannot be settled (未办结归口); for the town and the district. Live tasks are withdrawn.",
    )
