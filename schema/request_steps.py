"""Mutations of requests: reported, triaged, settled on one of their ways, judged by their reporters."""

from datetime import datetime

import strawberry

from models import Channel, MatterClass, Outcome, PostKind, Satisfaction, SummonsCategory, Tier
from resolvers import requests as resolve
from resolvers import steps
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, NOTE, REASON, AppointmentInput

CATEGORY = "The entry of a menu it is sorted under, of its area or one further up."
FORM = "The form that the category asks for, as a JSON object; left out where it asks for none."
COMMENT = "Words about it, at most 2,000 characters; whoever is dissatisfied must say why."


@strawberry.input(description="A change of one request.")
class RequestInput(Guarded):
    request: ID = needed("Id of the request that is to change.")


@strawberry.input(
    description="Who reported a request, where it is not the caller (诉求人): a name, a number or both."
)
class ReporterInput:
    name: str | None = given("What they are called; at most 64 characters.")
    phone: str | None = given("Telephone number, digits with + - and blanks; a protected field.")


@strawberry.input(description="A new request (登记诉求).")
class CreateRequestInput(Repeatable):
    area: AreaCode = needed("Code of the village or grid it is of.")
    channel: Channel = needed("How it came in.")
    text: str = needed("What is asked for, in words; 1 to 20,000 characters.")
    place: str | None = given("Where it is; at most 200 characters.")
    request_category: ID | None = given(CATEGORY)
    form: str | None = given(FORM)
    matter_class: MatterClass | None = given("Whose matter it is, where that is plain at once.")
    reporter: ReporterInput | None = given("Who reported it; the caller when left out.")
    inspection: ID | None = given(
        "The visit (走访巡查) at which it was collected: of the area or one around it, held or to be held today, and "
        "of the kind that the channel says (COLLECTION_DAY, VISIT for a home visit, INSPECTION for a patrol)."
    )
    anonymous: bool = given("Whether nobody is told to have reported it, such as by a box.", default=False)


@strawberry.input(description="Better words for a request that was not triaged yet (更正诉求).")
class UpdateRequestInput(RequestInput):
    text: str | None = given("What is asked for, in words; 1 to 20,000 characters.")
    place: str | None = given("Where it is; at most 200 characters.")
    request_category: ID | None = given(CATEGORY)
    form: str | None = given(FORM)
    matter_class: MatterClass | None = given("Whose matter it is.")


@strawberry.input(description="Whose matter it is, and that the village takes it in hand (三事分流).")
class TriageRequestInput(RequestInput):
    matter_class: MatterClass = needed("Whose matter it is, which says by what way it can be settled.")
    request_category: ID | None = given(CATEGORY)
    form: str | None = given(FORM)
    note: str | None = given(NOTE)


@strawberry.input(description="An answer on the spot (现场答复), perhaps with a limit.")
class AnswerRequestInput(RequestInput):
    text: str = needed("What is answered; 1 to 20,000 characters.")
    done_by: datetime | None = given(
        "By when it will be done, within 90 days; left out: it is done with the answer."
    )


@strawberry.input(description="A work order for a request, the first one (派单).")
class DispatchRequestInput(RequestInput):
    text: str = needed("What is to be done; 1 to 20,000 characters.")
    assignee: ID | None = given(
        "The member who is to do it; left out, with no unit either: whoever fits may claim it."
    )
    unit: ID | None = given(
        "The unit that is to do it, of the village or paired with it; instead of a member."
    )
    post: PostKind | None = given("Only who holds such a post may claim it.")
    service: ID | None = given(
        "Entry of a menu: only who offers this, or an entry above it, in that village may claim it; with nobody named."
    )


@strawberry.input(description="One more work order for a request (增派).")
class CreateOrderInput(DispatchRequestInput):
    pass


@strawberry.input(
    description="A request that becomes a summons (转为约请): a new draft, or one the village has under way."
)
class SummonRequestInput(RequestInput):
    summons: ID | None = given("A summons of the same village to join; all below is left out then.")
    title: str | None = given("The matter in a few words; 1 to 200 characters. A new draft needs it.")
    text: str | None = given("The matter in full; 1 to 20,000 characters. A new draft needs it.")
    category: SummonsCategory = given(
        "What it is about: one of five; LIVELIHOOD when left out.", default=SummonsCategory.LIVELIHOOD
    )
    tier: Tier = given("How pressing it is; NORMAL when left out.", default=Tier.NORMAL)
    units: list[ID] | None = given("Units to summon (约请对象), at most 50, none twice.")
    lead_unit: ID | None = given("One of the units, to lead the others (牵头单位).")
    appointment: AppointmentInput | None = given("When the units are asked to come.")


@strawberry.input(
    description="A summons that is to be taken up again for a dissatisfied reporter (再次约请)."
)
class SummonRequestAgainInput(RequestInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A request that another unit sees to (转办).")
class TransferRequestInput(RequestInput):
    unit: ID = needed("The unit that sees to it.")
    reason: str = needed(REASON)


@strawberry.input(description="A request about the same matter as another one (合并重复诉求).")
class MergeRequestInput(RequestInput):
    into: ID = needed("The request that goes on for both; of the same village, and not ended.")
    note: str | None = given(NOTE)


@strawberry.input(description="A request that is not taken up, and why (不予受理).")
class RejectRequestInput(RequestInput):
    reason: str = needed("Why, for its reporters; 1 to 2,000 characters.")


@strawberry.input(description="What came of a request that the village or another unit saw to (办结).")
class CompleteRequestInput(RequestInput):
    outcome: Outcome = needed("How it ended.")
    text: str = needed("What was done, in words; 1 to 20,000 characters.")


@strawberry.input(description="That a reporter was told what came of it, and perhaps what they think (回音).")
class InformReporterInput(RequestInput):
    reporter_number: int = needed("Number of the reporter in `reporters`, from 1.")
    feedback: Satisfaction | None = given("What they think of it; only of reporters without an account.")
    comment: str | None = given(COMMENT)
    note: str | None = given(NOTE)


@strawberry.input(description="What the caller, as a reporter, thinks of the outcome (评价反馈).")
class GiveFeedbackInput(RequestInput):
    feedback: Satisfaction = needed("Whether they are satisfied; who is not has it reopened.")
    comment: str | None = given(COMMENT)


@strawberry.input(description="A request that was closed or rejected too early (重新提出).")
class ReopenRequestInput(RequestInput):
    reason: str = needed(REASON)


@strawberry.input(description="A request that its reporter takes back (撤回诉求).")
class WithdrawRequestInput(RequestInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A request whose reporters must be known, and why (查看诉求人).")
class RevealReporterInput(Repeatable):
    request: ID = needed("Id of the request whose reporters are to be seen.")
    reason: str = needed("Why, for the auditor who reviews it; 1 to 500 characters.")


@strawberry.type
class RequestSteps:
    create_request = change(
        "request",
        CreateRequestInput,
        resolve.create_request,
        "Report something (登记诉求), for oneself or for somebody else; 1 working day to triage it.",
    )
    update_request = change(
        "request",
        UpdateRequestInput,
        steps.of_request("edit"),
        "Better the words of a request before its triage.",
    )
    triage_request = change(
        "request",
        TriageRequestInput,
        steps.of_request("triage"),
        "Say whose matter it is (三事分流); the village has it in hand then, and 5 working days to settle it.",
    )
    answer_request = change(
        "request",
        AnswerRequestInput,
        steps.of_request("answer"),
        "Answer on the spot (现场答复): it is done with that, or by the day that is promised.",
    )
    dispatch_request = change(
        "request",
        DispatchRequestInput,
        steps.of_request("dispatch"),
        "Make a work order for it (派单). Not of a public matter; a family's own is left to volunteers.",
    )
    create_order = change(
        "request",
        CreateOrderInput,
        steps.of_request("order"),
        "Make one more work order for a request that has some (增派).",
    )
    summon_request = change(
        "request",
        SummonRequestInput,
        steps.of_request("summon"),
        "Summon units for a public matter (转为约请): request and summons know each other, and what comes of the "
        "summons is told to the reporters.",
    )
    summon_request_again = change(
        "request",
        SummonRequestAgainInput,
        steps.of_request("summonAgain"),
        "Agree with a dissatisfied reporter: the summons is reopened (再次约请), within 30 days of its closing.",
    )
    transfer_request = change(
        "request",
        TransferRequestInput,
        steps.of_request("transfer"),
        "Hand a public matter to another unit (转办); the village still owes the answer.",
    )
    merge_request = change(
        "request",
        MergeRequestInput,
        steps.of_request("merge"),
        "Let another request go on for this one too (合并重复诉求), with the reporters of both.",
    )
    reject_request = change(
        "request",
        RejectRequestInput,
        steps.of_request("reject"),
        "Do not take it up, and say why (不予受理); its reporters may reopen it for 30 days.",
    )
    complete_request = change(
        "request",
        CompleteRequestInput,
        steps.of_request("complete"),
        "Say what came of it (办结).",
    )
    inform_reporter = change(
        "request",
        InformReporterInput,
        steps.of_request("inform"),
        "Note that a reporter was told (回音), and what one without an account thinks of it.",
    )
    give_feedback = change(
        "request",
        GiveFeedbackInput,
        steps.of_request("feedback"),
        "Say as a reporter what one thinks of the outcome (评价反馈). Who is dissatisfied has it reopened; when all "
        "are content it is closed.",
    )
    reopen_request = change(
        "request",
        ReopenRequestInput,
        steps.of_request("reopen"),
        "Open a closed or rejected request anew as its reporter (重新提出), within 30 days.",
    )
    withdraw_request = change(
        "request",
        WithdrawRequestInput,
        steps.of_request("withdraw"),
        "Take a request back as its only reporter (撤回诉求), while nobody else works on it.",
    )
    reveal_reporter = change(
        "request",
        RevealReporterInput,
        resolve.reveal_reporter,
        "See who reported a request for three hours (查看诉求人). Each look is audited, and all is reviewed.",
    )
