"""The board: what an area has published of a month, as everybody may read it, signed in or not.

It looks at nothing but publications and what belongs to them; names of people are in none of it.
"""

from dataclasses import dataclass
from datetime import date

from models import Area, MetricSnapshot, Objection, ObjectionState, Publication, PublicationState
from models.metrics import METRICS, Words
from models.periods import month_of
from policies.met import the_public
from policies.scopes import readable, whole
from resolvers.context import Info
from resolvers.ids import AreaCode

MOST_CORRECTED = 5


@dataclass(frozen=True, slots=True)
class Board:
    """`edition` is the one that holds, `corrected` are the last that it took the place of, the last first."""

    area: str
    area_name: str
    month: date
    edition: Publication
    corrected: list[Publication]
    objections: int
    upheld: int


async def board(info: Info, area: AreaCode, month: date | None = None) -> Board | None:
    """Whoever asks is answered as the public is; without a month, of the latest that is published."""
    editions = readable(Publication, the_public()).filter(area_id=area)
    if month is not None:
        editions = editions.filter(month=month_of(month).first)
    holding = await editions.filter(state=PublicationState.PUBLISHED).order_by("-month").first()
    return await _board(holding) if holding else None


async def _board(holding: Publication) -> Board:
    former = readable(Publication, the_public()).filter(area_id=holding.area_id, month=holding.month)
    corrected = await former.filter(state=PublicationState.CORRECTED).order_by("-edition")
    ids = [one.id for one in (holding, *corrected)]
    objections = whole(Objection).filter(publication_id__in=ids)
    place = await whole(Area).get(code=holding.area_id)
    return Board(
        holding.area_id,
        place.name,
        holding.month,
        holding,
        corrected[:MOST_CORRECTED],
        await objections.count(),
        await objections.filter(state=ObjectionState.UPHELD).count(),
    )


def title(root: MetricSnapshot) -> Words:
    return METRICS[root.metric].title
