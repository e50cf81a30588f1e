"""Publications and objections to them, as clients see them."""

from datetime import date, datetime

import strawberry

from models import CorrectionReason, ObjectionState, PublicationState
from resolvers import availability, events
from resolvers import publications as resolve
from resolvers import standings as resolve_standings
from schema.areas import Area
from schema.events import EventConnection
from schema.fields import attribute, field
from schema.members import Member
from schema.nodes import AFTER_OWN_EVENT, Node
from schema.snapshots import MetricSnapshot
from schema.standings import Honour, RankingEntry
from schema.summons import AvailableAction


@strawberry.type(
    description="What somebody has against a publication before it is public (异议), and the answer."
)
class Objection:
    number: int = attribute("Counts those to the publication from 1, by which they are answered.")
    member: Member | None = field(resolve.objector, "Who objects; null for whom the caller may not know.")
    text: str = attribute("What they have against it, in words; at most 20,000 characters.")
    state: ObjectionState = attribute("Whether it waits, or what came of it.")
    answer: str | None = attribute("What the publisher answered; null before.")
    made_at: datetime = attribute("When it was made.")
    answered_at: datetime | None = attribute("When it was answered; null before.")


@strawberry.type(
    description=(
        "What an area publishes about a month (晒单). Drafted when the month is over, shown for objections for three "
        "working days, then public. Once public it never changes: a correction is another edition, and both can be "
        "read."
    )
)
class Publication(Node):
    area: Area | None = field(resolve.area, "The area that it is of; null for one the caller may not know.")
    month: date = attribute("First day of the month that it tells of.")
    edition: int = attribute("1 for the first; each correction is one more.")
    corrects: "Publication | None" = field(
        resolve.corrects, "The edition in whose place it came; null for the first."
    )
    corrected_by: "Publication | None" = field(
        resolve.corrected_by, "The edition that came in its place; null while it holds."
    )
    cause: CorrectionReason | None = field(
        resolve.cause, "Why the edition before had to be corrected (更正原因); null for the first."
    )
    reason: str | None = attribute("The same in words, which the board does not show; null for the first.")
    state: PublicationState = attribute("Where it stands between the draft and its correction.")
    figures: list[MetricSnapshot] = field(
        resolve.figures, "The month's figures, one for each metric, as they were counted for it; at most 20."
    )
    requests: int = attribute("How many requests came in during the month.")
    orders: int = attribute("How many work orders were verified in the month.")
    flags: int = attribute("How many red flags were earned in the month.")
    commitments: int = attribute("How many commitments members made in the month.")
    commitments_kept: int = attribute("How many the villages found kept in the month.")
    unit_ranking: list[RankingEntry] = field(
        resolve_standings.unit_ranking,
        "Units by the scores of their tasks in the month, best first; then those with too few. At most 1,000.",
    )
    grid_ranking: list[RankingEntry] = field(
        resolve_standings.grid_ranking,
        "Grids by the share of work orders that were verified among those that ended in the month; at most 1,000.",
    )
    honours: list[Honour] = field(
        resolve_standings.honours, "The stars of service (服务明星), at most 3; none before it is public."
    )
    objections: list[Objection] = field(
        resolve.objections,
        "All of them, at most 200; none for those who may read it only as it is public.",
    )
    due_at: datetime | None = attribute("Until when objections can be made; null while none can.")
    published_at: datetime | None = attribute("When it became public; null before.")
    corrected_at: datetime | None = attribute("When another edition took its place; null while it holds.")
    created_by: Member | None = field(
        resolve.created_by, "Who drafted it; null for somebody the caller may not know."
    )
    created_at: datetime = attribute("When it was drafted first.")
    updated_at: datetime = attribute("When the last event happened to it.")
    version: int = attribute(
        "Counts its own events from 1; hand it back to be refused when somebody was faster."
    )
    history: EventConnection = field(
        events.history_of_publication,
        "What happened to it, oldest first; for those who may read it only as it is public, from then on.",
        **AFTER_OWN_EVENT,
    )
    available_actions: list[AvailableAction] = field(
        availability.available_actions,
        "Every action of its present state, allowed to the caller or not, and why not.",
    )
