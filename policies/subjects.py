"""What an event is about, which decides who may read it."""

from collections.abc import Sequence

from tortoise.models import Model

from models import (
    Area,
    BreakGlass,
    Claim,
    Commitment,
    Credential,
    Event,
    Export,
    FollowUpGroup,
    Grant,
    Honour,
    Inspection,
    InspectionPlan,
    ListItem,
    Member,
    MetricSnapshot,
    Notice,
    Pairing,
    PolicyVersion,
    Publication,
    Request,
    RequestCategory,
    ScoreLock,
    Summons,
    Task,
    Template,
    Unit,
    Webhook,
    WorkOrder,
)


def subject_key(event: Event) -> tuple[type[Model], str] | None:
    """What must be readable for the event to be: its task, else its summons, else its unit, member, grant or area."""
    if event.task_id:
        return Task, event.task_id
    if event.summons_id:
        return Summons, event.summons_id
    return (ABOUT[event.aggregate], event.aggregate_id) if event.aggregate in ABOUT else None


ABOUT: dict[str, type[Model]] = {
    model.__name__: model
    for model in (
        *(Unit, Member, Grant, Area, PolicyVersion, Credential, BreakGlass, Webhook, MetricSnapshot),
        *(Request, WorkOrder, RequestCategory, Template, ScoreLock, Export, FollowUpGroup),
        *(Publication, Notice, Commitment, Honour, Inspection, InspectionPlan, Pairing, ListItem, Claim),
    )
}
"""By `Event.aggregate`, what an event without task and summons is about."""


PUBLIC_EVENTS = frozenset({"publication.published", "publication.corrected"})
"""Of what happens to a publication: all that those hear of who may read it only as it is public."""


def is_inside(event: Event) -> bool:
    """Whether it is of the time before a publication is public, and so for those alone who could read the draft."""
    return event.aggregate == Publication.__name__ and event.type not in PUBLIC_EVENTS


async def subjects_of(objects: Sequence[Model]) -> list[Model | None]:
    """The objects, with what it is about in the place of each event; None when that is gone."""
    keys = {subject_key(event) for event in objects if isinstance(event, Event)} - {None}
    found: dict[tuple[type[Model], str] | None, Model] = {}
    for model in {key[0] for key in keys if key}:
        for row in await model.filter(pk__in=[key[1] for key in keys if key and key[0] is model]):
            found[model, row.pk] = row
    return [found.get(subject_key(thing)) if isinstance(thing, Event) else thing for thing in objects]
