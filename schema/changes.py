"""How a mutation is declared: one argument `input`, and a payload with the object, the event and the problems."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from models import Refusal
from resolvers.changes import Answer
from resolvers.context import Info
from resolvers.noted import mutation_ended
from schema.areas import Area
from schema.break_glass import EmergencyAccess
from schema.commitments import Commitment
from schema.evaluations import Evaluation
from schema.events import Event
from schema.exports import Export
from schema.fields import attribute, given
from schema.followups import FollowUp, FollowUpGroup
from schema.inspections import Inspection, InspectionPlan
from schema.list_items import Claim, ListItem
from schema.members import Credential, Grant, Member
from schema.menus import RequestCategory
from schema.notices import Notice
from schema.orders import WorkOrder
from schema.pairings import Pairing
from schema.policy_versions import PolicyVersion
from schema.problems import Problem, problems_of
from schema.publications import Publication
from schema.requests import Request
from schema.score_locks import ScoreLock
from schema.snapshots import MetricSnapshot
from schema.standings import Honour
from schema.summons import Summons
from schema.tasks import Task
from schema.templates import EvaluationTemplate
from schema.units import Unit
from schema.webhooks import Webhook

SHOWN = {
    "access": EmergencyAccess,
    "category": RequestCategory,
    "area": Area,
    "claim": Claim,
    "commitment": Commitment,
    "credential": Credential,
    "evaluation": Evaluation,
    "export": Export,
    "follow_up": FollowUp,
    "grant": Grant,
    "group": FollowUpGroup,
    "honour": Honour,
    "inspection": Inspection,
    "inspection_plan": InspectionPlan,
    "item": ListItem,
    "lock": ScoreLock,
    "member": Member,
    "notice": Notice,
    "order": WorkOrder,
    "pairing": Pairing,
    "policy": PolicyVersion,
    "publication": Publication,
    "snapshot": MetricSnapshot,
    "request": Request,
    "summons": Summons,
    "task": Task,
    "template": EvaluationTemplate,
    "unit": Unit,
    "webhook": Webhook,
}


@strawberry.input(description="What every mutation can be told beside its own matter.")
class Repeatable:
    idempotency_key: str | None = given(
        "Makes a retry safe: the same key (1 to 128 characters) with the same input gives the first answer again, "
        "with other input a Conflict. Kept for at least 24 hours."
    )


@strawberry.input(description="What every change of an existing object can be told beside its own matter.")
class Guarded(Repeatable):
    version: int | None = given(
        "The version the caller has seen; a Conflict when the object's is another by now."
    )


def change(noun: str, said: type, answer: Answer, description: str, **more: str) -> object:
    """A mutation of what is SHOWN as `noun`; a refusal below comes back as problems.

    `more` are texts that what changed tells beside the object: their names and descriptions.
    """
    payload = _payload(noun, said, more)

    async def resolve(info: Info, input: object) -> object:
        object, event, problems = None, None, list[Problem]()
        told: dict[str, str | None] = dict.fromkeys(more)
        outcome = "failed"
        try:
            changed = await answer(info, vars(input))
            object, event = changed.object, changed.event
            info.context.written = max(info.context.written, changed.event.pos)
            told = {name: getattr(changed, name) for name in more}
            outcome = "done"
        except Refusal as refusal:
            problems = problems_of(refusal, info.context.language)
            outcome = "refused"
        finally:
            mutation_ended(info.field_name, outcome)
        info.context.note_change()
        return payload(**{noun: object, "event": event, "problems": problems}, **told)

    words = strawberry.argument(description=f"Everything it needs, as {said.__name__} tells.")
    resolve.__annotations__ |= {"input": Annotated[said, words], "return": payload | None}
    return strawberry.mutation(resolver=resolve, description=description)


def _payload(noun: str, said: type, more: Mapping[str, str]) -> type:
    change_of = said.__name__.removesuffix("Input")
    body = {
        "__annotations__": {
            noun: SHOWN[noun] | None,
            **dict.fromkeys(more, str | None),
            "event": Event | None,
            "problems": list[Problem],
        },
        "__module__": __name__,
        noun: attribute(f"The {noun} as it is now; null when nothing changed."),
        **{name: attribute(description) for name, description in more.items()},
        "event": attribute("The event in the log that tells of the change; null when nothing changed."),
        "problems": attribute("Why nothing changed; empty when it did."),
    }
    description = (
        f"What came of {change_of[0].lower()}{change_of[1:]}: the {noun} and the event, or the problems."
    )
    return strawberry.type(type(f"{change_of}Payload", (), body), description=description)
