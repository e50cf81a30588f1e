"""The life of a publication, as data: one row for each step."""

from models.clocks import ClockKind as C
from models.publications import PublicationState as P
from models.steps import NEW, SAME, SYSTEM, USER, Rung, row, table
from models.working_time import Span, TimeUnit

PUBLICATION_RIGHTS = dict.fromkeys(
    ("create", "redraft", "invite", "answerObjection"), ("publication", "publish")
)
"""Whoever publishes also drafts, and answers objections."""

PUBLICATION_STEPS = table(
    "publication",
    PUBLICATION_RIGHTS,
    row("B01", "create", USER, NEW, P.DRAFT, "publication.drafted"),
    row("B02", "redraft", USER, {P.DRAFT, P.OBJECTION}, P.DRAFT, "publication.redrafted"),
    row("B03", "invite", USER, {P.DRAFT}, P.OBJECTION, "publication.opened"),
    row("B04", "object", USER, {P.OBJECTION}, SAME, "publication.objected"),
    row("B05", "answerObjection", USER, {P.OBJECTION}, SAME, "publication.objection_answered"),
    row("B06", "publish", USER, {P.OBJECTION}, P.PUBLISHED, "publication.published"),
    row("B07", "publishUnopposed", SYSTEM, {P.OBJECTION}, P.PUBLISHED, "publication.published"),
    row("B08", "correct", USER, {P.PUBLISHED}, P.CORRECTED, "publication.corrected"),
    row("B09", "publishAnew", SYSTEM, NEW, P.PUBLISHED, "publication.published"),
    row("B10", "escalate", SYSTEM, {P.OBJECTION}, SAME, "publication.escalated"),
)

PUBLICATION_CONSEQUENCES = ("publishUnopposed",)
"""Steps that follow at once from what objections became."""

_UNOPPOSED = ("publishUnopposed",)
_HELD_UP = (*_UNOPPOSED, "escalate")
PUBLICATION_LADDERS: dict[C, tuple[Rung, ...]] = {
    C.OBJECTION: (
        Rung(Span(0, TimeUnit.MINUTE), _UNOPPOSED),
        Rung(Span(1, TimeUnit.WORKDAY), _HELD_UP),
        Rung(Span(3, TimeUnit.WORKDAY), _HELD_UP),
    ),
}
