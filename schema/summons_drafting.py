"""Mutations that bring a summons from the draft to the units: draft, review, signatures, gate, issue."""

import strawberry

from models import SummonsCategory, Tier
from resolvers import steps
from resolvers.ids import AreaCode
from schema.changes import Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, NOTE, REASON, AppointmentInput, ResolutionInput, SummonsInput


@strawberry.input(description="A new summons, to be written down before anybody decides on it (起草约请).")
class DraftSummonsInput(Repeatable):
    issuer: AreaCode = needed("Code of the village or town that summons.")
    title: str = needed("The matter in a few words (约请事项); 1 to 200 characters.")
    text: str = needed("The matter in full; 1 to 20,000 characters.")
    category: SummonsCategory = needed("What it is about: one of five.")
    tier: Tier = given("How pressing it is; NORMAL when left out.", default=Tier.NORMAL)
    units: list[ID] = needed(
        "Units to summon (约请对象), at most 50, none twice; it may be empty while drafting."
    )
    lead_unit: ID | None = given("One of the units, to lead the others (牵头单位).")
    co_issuers: list[AreaCode] | None = given(
        "Codes of villages that are to issue it too (联合约请), at most 50."
    )
    appointment: AppointmentInput | None = given(
        "When the units are asked to come; left to them when left out."
    )


@strawberry.input(
    description="New values for a draft; what is left out stays, a list replaces the old (修改草稿)."
)
class UpdateDraftSummonsInput(SummonsInput):
    title: str | None = given("The matter in a few words; 1 to 200 characters.")
    text: str | None = given("The matter in full; 1 to 20,000 characters.")
    category: SummonsCategory | None = given("What it is about: one of five.")
    tier: Tier | None = given("How pressing it is; it sets the limits and who must come.")
    units: list[ID] | None = given("Units to summon in place of those named before, at most 50, none twice.")
    lead_unit: ID | None = given("One of the units, to lead the others (牵头单位).")
    co_issuers: list[AreaCode] | None = given(
        "Codes of the co-issuing villages, at most 50, in place of those named before."
    )
    appointment: AppointmentInput | None = given("When the units are asked to come.")


@strawberry.input(description="A draft with the record of the meeting that decided on it (提交审签).")
class SubmitSummonsForReviewInput(SummonsInput):
    resolution: ResolutionInput = needed("Record of the meeting that decided to summon (集体研究).")
    duplicate_of: ID | None = given("An earlier summons about the same matter, if there is one.")
    note: str | None = given(NOTE)


@strawberry.input(description="A reviewed summons and why it goes back to the draft (退回补正).")
class SendBackSummonsInput(SummonsInput):
    reason: str = needed(REASON)


@strawberry.input(description="A reviewed summons that is to be sent to its units (发出约请).")
class IssueSummonsInput(SummonsInput):
    note: str | None = given(NOTE)


@strawberry.input(description="An emergency that is to be sent at once, before any meeting (紧急发出).")
class IssueEmergencySummonsInput(SummonsInput):
    reason: str = needed("Why it cannot wait, kept in the history; 1 to 2,000 characters.")


@strawberry.input(description="The record of the meeting that was held after an emergency (补办集体研究).")
class RatifySummonsInput(SummonsInput):
    resolution: ResolutionInput = needed("Record of the meeting that stands behind the emergency afterwards.")


@strawberry.input(description="A reviewed summons that its co-issuing villages are to sign (请求联签).")
class RequestCosignInput(SummonsInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A summons that the caller's village joins by its signature (联签).")
class CosignSummonsInput(SummonsInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A summons that the caller's village does not join, and why (拒绝联签).")
class RefuseCosignInput(SummonsInput):
    reason: str = needed(REASON)


@strawberry.input(description="A reviewed summons that the town is to look at first (报镇街把关).")
class RequestGateInput(SummonsInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A summons that the town lets pass to its units (把关通过).")
class PassGateInput(SummonsInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A summons that the town sends back to the village, and why (把关退回).")
class ReturnFromGateInput(SummonsInput):
    reason: str = needed(REASON)


@strawberry.type
class SummonsDrafting:
    draft_summons = change(
        "summons",
        DraftSummonsInput,
        steps.draft_summons,
        "Write down a new summons (起草). For cadres and secretaries of the village, coordinators of the town.",
    )
    update_draft_summons = change(
        "summons",
        UpdateDraftSummonsInput,
        steps.of_summons("edit"),
        "Change a draft before it is submitted (修改).",
    )
    submit_summons_for_review = change(
        "summons",
        SubmitSummonsForReviewInput,
        steps.of_summons("submitForReview"),
        "Hand a draft to the issuer's leader with the record of the meeting (提交审签); 3 working days to look at it.",
    )
    send_back_summons = change(
        "summons",
        SendBackSummonsInput,
        steps.of_summons("sendBack"),
        "Return a submitted summons to the draft (退回).",
    )
    issue_summons = change(
        "summons",
        IssueSummonsInput,
        steps.of_summons("issue"),
        "Send a reviewed summons to its units (发出): each gets a task and time to answer. Not where co-issuers must "
        "sign or the town must look first.",
    )
    issue_emergency_summons = change(
        "summons",
        IssueEmergencySummonsInput,
        steps.of_summons("issueEmergency"),
        "Send a draft of tier EMERGENCY at once (紧急发出); it must be ratified within 24 hours.",
    )
    ratify_summons = change(
        "summons",
        RatifySummonsInput,
        steps.of_summons("ratify"),
        "Add the record of the meeting to an emergency that was issued without one (补办).",
    )
    request_cosign = change(
        "summons",
        RequestCosignInput,
        steps.of_summons("requestCosign"),
        "Ask the co-issuing villages to sign (请求联签); after 2 working days the silent ones are dropped.",
    )
    cosign_summons = change(
        "summons",
        CosignSummonsInput,
        steps.of_summons("cosign", "cosignLast", "cosignLastGated"),
        "Sign for the caller's village (联签); the last signature issues the summons, or hands it to the town's gate.",
    )
    refuse_cosign = change(
        "summons",
        RefuseCosignInput,
        steps.of_summons("refuseCosign"),
        "Refuse to sign for the caller's village (拒绝联签); it is dropped and the summons reviewed again.",
    )
    request_gate = change(
        "summons",
        RequestGateInput,
        steps.of_summons("requestGate"),
        "Hand a reviewed summons to the town (报镇街把关), where the area's settings ask for it.",
    )
    pass_gate = change(
        "summons",
        PassGateInput,
        steps.of_summons("passGate"),
        "Let a village's summons pass to its units (把关通过); the town's silence for 1 working day does the same.",
    )
    return_from_gate = change(
        "summons",
        ReturnFromGateInput,
        steps.of_summons("gateReturn"),
        "Send a village's summons back to the draft (把关退回); only once for each summons.",
    )
