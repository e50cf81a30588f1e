"""What every mutation goes through: the words of its input are read, an action is called, what it left is shown."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from strawberry.utils.str_converters import to_camel_case
from tortoise.models import Model

from actions.decisions import Day
from actions.given import Appointment, Person, Resolution
from actions.once import Done
from models import (
    BreakGlass,
    Claim,
    Commitment,
    Credential,
    DutyItem,
    Evaluation,
    Event,
    Export,
    FollowUp,
    FollowUpGroup,
    Grant,
    Honour,
    Inspection,
    InspectionPlan,
    InvalidInput,
    ListItem,
    Member,
    MetricSnapshot,
    NotFound,
    Notice,
    Pairing,
    PolicyVersion,
    Publication,
    Refusal,
    Request,
    RequestCategory,
    ScoreLock,
    Several,
    Summons,
    Task,
    Template,
    Unit,
    Webhook,
    WebhookDelivery,
    WorkOrder,
)
from policies.scopes import readable, whole
from resolvers.context import Info
from resolvers.events import known_types
from resolvers.ids import key_of

Said = Mapping[str, object]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Changed:
    """The object as it is now, and the event that tells of the change."""

    object: Model
    event: Event


Answer = Callable[[Info, Said], Awaitable[Changed]]

MOST_LISTED = 50
MODELS = {
    model.__name__: model
    for model in (
        *(BreakGlass, Credential, Grant, Member, MetricSnapshot, PolicyVersion, Request, Summons, Task, Unit),
        *(Evaluation, Export, RequestCategory, ScoreLock, Template, Webhook, WorkOrder),
        *(Commitment, FollowUp, FollowUpGroup, Honour, Notice, Publication),
        *(Inspection, InspectionPlan, Pairing, ListItem, Claim),
    )
}


async def left_by(info: Info, done: Done) -> Changed:
    """What the mutation left. NotFound for an answer given again to somebody who may not read it any more."""
    if done.row is not None and done.event is not None:
        return Changed(done.row, done.event)
    model = MODELS[done.kind]
    if done.again and not await readable(model, info.context.actor).filter(pk=done.object_id).exists():
        raise NotFound(done.kind)
    return Changed(await model.get(pk=done.object_id), await whole(Event).get(id=done.event_id))


IDS: dict[str, type[Model]] = {
    "access": BreakGlass,
    "account": Member,
    "assignee": Member,
    "add": Member,
    "claim": Claim,
    "commitment": Commitment,
    "credential": Credential,
    "delegation": Grant,
    "delivery": WebhookDelivery,
    "duplicate_of": Summons,
    "evaluation": Evaluation,
    "duty_item": DutyItem,
    "export": Export,
    "follow_up": FollowUp,
    "grant": Grant,
    "group": FollowUpGroup,
    "holder.unit": Unit,
    "inspection": Inspection,
    "inspection_plan": InspectionPlan,
    "into": Request,
    "item": ListItem,
    "lead_unit": Unit,
    "member": Member,
    "members": Member,
    "object": Member,
    "notice": Notice,
    "order": WorkOrder,
    "pairing": Pairing,
    "parent": Unit,
    "parent_category": RequestCategory,
    "reassign_to": Unit,
    "policy": PolicyVersion,
    "publication": Publication,
    "request": Request,
    "request_category": RequestCategory,
    "remove": Member,
    "service": RequestCategory,
    "responsible": Member,
    "suggested_unit": Unit,
    "summons": Summons,
    "task": Task,
    "tasks": Task,
    "to": Member,
    "unit": Unit,
    "units": Unit,
    "visitor": Member,
    "webhook": Webhook,
}
"""Which inputs are ids, and of what."""

NAMES = {
    "assignee": "member",
    "explanation": "text",
    "feedback": "satisfaction",
    "ground": "text",
    "holder.area": "area",
    "holder.unit": "unit",
    "how": "text",
    "object": "member",
    "idempotency_key": "key",
    "inspection_plan": "plan",
    "parent_category": "parent",
    "plan": "text",
    "reassign_to": "unit",
    "request_category": "category_id",
    "responsible": "member",
    "suggested_unit": "unit",
    "to": "member",
}
"""Inputs that bear another name towards clients than in the actions; a dot leads into an input inside."""

READERS: dict[str, Callable[..., object]] = {
    "appointment": lambda said: Appointment(**vars(said)),
    "calendar": lambda said: tuple(Day(one.day, one.kind, one.name or "") for one in said),
    "co_issuers": tuple,
    "dimensions": lambda said: tuple((one.code, one.weight) for one in said),
    "parties": lambda said: tuple((one.party, one.weight) for one in said),
    "evidence": tuple,
    "reporter": lambda said: Person(**vars(said)),
    "follow_up_categories": tuple,
    "follow_up_shares": lambda said: tuple((one.category, one.share) for one in said),
    "inherit": tuple,
    "resolution": lambda said: Resolution(**vars(said)),
    "scores": lambda said: tuple((one.dimension, one.score) for one in said),
    "types": lambda said: tuple(known_types(said)),
}


def read(said: Said) -> dict[str, object]:
    """What was said, under the actions' names; nothing for what was left out. Raises all its InvalidInput at once."""
    values: dict[str, object] = {}
    faults: list[Refusal] = []
    for name, value in said.items():
        try:
            values[NAMES.get(name, name)] = _read(name, value)
        except Refusal as refusal:
            faults += refusal.parts
    if faults:
        raise Several(faults)
    return {name: value for name, value in values.items() if value is not None}


def _read(name: str, value: object) -> object:
    model, path = IDS.get(name), [to_camel_case(part) for part in name.split(".")]
    match value:
        case None:
            return None
        case list() if len(value) > MOST_LISTED:
            raise InvalidInput("LIST_TOO_LONG", *path)
        case str() if model:
            return key_of(value, model, *path)
        case list() if model:
            return tuple(key_of(id, model, *path, str(index)) for index, id in enumerate(value))
    return READERS[name](value) if name in READERS else value


def made(kind: Callable[..., Made], values: Mapping[str, object]) -> Made:
    return kind(**values)
