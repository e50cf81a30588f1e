"""Lists: which rows an actor may read or act on, as queries, from the very rules that decide about one object."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models import (
    Area,
    AuditEntry,
    BreakGlass,
    Claim,
    Commitment,
    Credential,
    DutyItem,
    Evaluation,
    Event,
    Export,
    FlagEntry,
    FollowUp,
    FollowUpGroup,
    Grant,
    Honour,
    Inspection,
    InspectionPlan,
    ListItem,
    Member,
    MetricSnapshot,
    Notice,
    Objection,
    Pairing,
    PolicyVersion,
    Publication,
    Request,
    RequestCategory,
    ScoreLock,
    Summons,
    Task,
    TaskScore,
    Template,
    Unit,
    Webhook,
    WebhookDelivery,
    WorkOrder,
)
from policies.actor import Actor
from policies.clauses import Clause, both, chosen, either, one_of, rows
from policies.compile import scope_of
from policies.facts import Facts, area_facts, member_facts, unit_facts
from policies.gathering import facts_of_many
from policies.guard import may
from policies.subjects import ABOUT, PUBLIC_EVENTS, subject_key

M = TypeVar("M", bound=Model)

TYPES: dict[type[Model], str] = {
    Area: "area",
    Unit: "unit",
    Member: "member",
    DutyItem: "duty_list",
    Grant: "binding",
    Summons: "summons",
    Task: "task",
    Evaluation: "evaluation",
    Template: "evaluation_template",
    ScoreLock: "ranking",
    FollowUp: "followup",
    PolicyVersion: "policy",
    AuditEntry: "audit",
    BreakGlass: "breakglass",
    MetricSnapshot: "analytics",
    Request: "request",
    WorkOrder: "order",
    FlagEntry: "flag",
    RequestCategory: "list_item",
    Export: "export",
    Publication: "publication",
    Notice: "notice",
    Commitment: "commitment",
    Inspection: "inspection",
    Pairing: "pairing",
}
"""What the rules call each model. An event has no type of its own: it is as readable as what it is about."""

DELEGATION = "delegation"
"""What the rules call a grant that somebody uses in another member's name."""

MANAGED: dict[type[Model], tuple[str, str]] = {
    Credential: ("member", "manage"),
    FollowUpGroup: ("followup", "read"),
    Honour: ("flag", "read"),
    InspectionPlan: ("inspection", "read"),
    ListItem: ("list_item", "read"),
    Claim: ("list_item", "read"),
    Objection: ("publication", "read"),
    TaskScore: ("evaluation", "read"),
    Webhook: ("webhook", "manage"),
    WebhookDelivery: ("webhook", "manage"),
}
"""What only those read who manage it, or what it belongs to: by which right."""


def readable(model: type[M], actor: Actor) -> QuerySet[M]:
    """The rows the actor may know of. Lists, look-ups by id, counts and streams all start here."""
    return rows(model, _readable_clause(model, actor))


def whole(model: type[M]) -> QuerySet[M]:
    """Every row, whoever may read it: for what the system itself has to know. What is shown starts at `readable`."""
    return model.all()


def open_to(model: type[M], actor: Actor, type: str, action: str) -> QuerySet[M]:
    """The rows on which the actor may take the action (whatever their state)."""
    return rows(model, scope_of(actor, type, action).clause(model))


def readable_subtrees(actor: Actor) -> tuple[str, ...]:
    """Paths of areas where the rules alone tell that the actor may read every summons, at or below."""
    return scope_of(actor, TYPES[Summons], "read").subtrees(Summons)


def blind(actor: Actor, *models: type[Model]) -> bool:
    """Whether the actor could read no row of these models, whatever there is."""
    return all(_readable_clause(model, actor) is False for model in models)


async def sees(actor: Actor, thing: Model) -> bool:
    """The same rule as `readable`, for one object in hand; some queries, unless the facts are at hand: `sees_facts`."""
    return (await seen(actor, [thing]))[0]


async def seen(actor: Actor, things: Sequence[Model]) -> list[bool]:
    """`sees` for many, in a fixed number of queries."""
    return [reading.is_open_to(actor) for reading in await readings(things)]


async def readings(things: Sequence[Model]) -> list["Reading"]:
    """What `seen` decides by, for whoever has to decide for many actors."""
    facts = await facts_of_many(things)
    return [Reading(*_reading(thing, known), known) for thing, known in zip(things, facts, strict=True)]


@dataclass(frozen=True, slots=True)
class Reading:
    """Which right reads an object, and the object's facts as they were when they were gathered."""

    type: str
    action: str
    facts: Facts

    def is_open_to(self, actor: Actor) -> bool:
        return may(actor, self.type, self.action, self.facts)


def seeing(actor: Actor, model: type[M]) -> Callable[[M], bool] | None:
    """`sees` at once, for rows that hold all rules look at: Area, Unit, Member. None: every row is seen."""
    if _readable_clause(model, actor) is True:
        return None
    facts: Callable[[M], Facts] = OWN_FACTS[model]
    return lambda row: may(actor, TYPES[model], "read", facts(row))


OWN_FACTS: dict[type[Model], Callable[..., Facts]] = {
    Area: area_facts,
    Unit: unit_facts,
    Member: member_facts,
}


def _reading(thing: Model, facts: Facts) -> tuple[str, str]:
    """Which right reads it."""
    model = _subject_model(thing)
    if model is Grant and facts.principal_id is not None:
        return DELEGATION, "read"
    return MANAGED[model] if model in MANAGED else (type_of(thing), "read")


def _subject_model(thing: Model) -> type[Model] | None:
    """Of an event, the model of what it is about; None when that is nothing known."""
    if not isinstance(thing, Event):
        return thing.__class__
    key = subject_key(thing)
    return key[0] if key else None


def sees_facts(actor: Actor, type: str, facts: Facts) -> bool:
    """`type` as in `type_of`; for an event, with the facts of what it is about."""
    return may(actor, type, "read", facts)


def type_of(thing: Model) -> str:
    """What the rules call it; for an event, what they call that which it is about ("" when nothing known)."""
    model = _subject_model(thing)
    if model in MANAGED:
        return MANAGED[model][0]
    if isinstance(thing, Grant) and thing.principal_id is not None:
        return DELEGATION
    return TYPES[model] if model else ""


def readable_news(actor: Actor, about: tuple[str, ...] = ()) -> QuerySet[Event]:
    """Events as `readable` has them, with no more to look at than those about summonses, or about what is named."""
    if actor.system:
        return rows(Event, True)
    key = Event, about
    if key not in actor.made:
        actor.made[key] = either(_of_others(actor, about) if about else _of_summonses(actor))
    return rows(Event, cast(Clause, actor.made[key]))


def _readable_clause(model: type[Model], actor: Actor) -> Clause:
    """Kept with the actor, so that it is one and the same object each time."""
    if model not in actor.made:
        actor.made[model] = _made_clause(model, actor)
    return cast(Clause, actor.made[model])


def _made_clause(model: type[Model], actor: Actor) -> Clause:
    if model is Credential:
        return chosen("member_id", Member, "id", scope_of(actor, *MANAGED[model]).clause(Member))
    if model in MANAGED:
        return scope_of(actor, *MANAGED[model]).clause(model)
    if model is Event:
        return actor.system or either(_event_clauses(actor))
    known = scope_of(actor, TYPES[model], "read").clause(model)
    return either(_grant_clauses(actor, known)) if model is Grant else known


def _grant_clauses(actor: Actor, known: Clause) -> Iterator[Clause]:
    yield both(Q(principal_id__isnull=True), known)
    lent = scope_of(actor, DELEGATION, "read").clause(Grant)
    yield both(Q(principal_id__isnull=False), lent)


def _event_clauses(actor: Actor) -> Iterator[Clause]:
    yield from _of_summonses(actor)
    yield from _of_others(actor, ABOUT)


def _of_summonses(actor: Actor) -> Iterator[Clause]:
    yield chosen("task_id", Task, "id", _readable_clause(Task, actor))
    summonses = chosen("summons_id", Summons, "id", _readable_clause(Summons, actor))
    yield both(Q(task_id__isnull=True), summonses)


def _of_others(actor: Actor, names: Iterable[str]) -> Iterator[Clause]:
    for name in names:
        model = ABOUT[name]
        subjects = chosen("aggregate_id", model, model._meta.pk_attr, _readable_clause(model, actor))
        told = _told_of_publications(actor, subjects) if model is Publication else subjects
        yield both(Q(task_id__isnull=True, summons_id__isnull=True, aggregate=name), told)


def _told_of_publications(actor: Actor, known: Clause) -> Clause:
    """As `is_inside` says."""
    drafts = scope_of(actor, TYPES[Publication], "read").unpublished().clause(Publication)
    inside = chosen("aggregate_id", Publication, "id", drafts)
    return either([inside, both(one_of("type", PUBLIC_EVENTS), known)])
