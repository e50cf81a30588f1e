"""What is published about a month: its figures as snapshots, what came in and was earned, and the ranking."""

from dataclasses import dataclass, field
from datetime import datetime

from tortoise.functions import Sum

from actions.record import Record
from actions.snapshots import NewSnapshot, keep_snapshot
from actions.standings import ranked_in
from models import Area, Commitment, FlagEntry, MetricSnapshot, Publication, RankingEntry, Request, subtree
from models.metrics import METRICS, MetricName
from models.periods import Period, month_of
from policies.actor import Actor
from policies.scopes import whole


@dataclass(slots=True)
class Content:
    """What the month of an area comes to, as of its end. The entries of the ranking are not written yet."""

    figures: list[MetricSnapshot] = field(default_factory=list)
    requests: int = 0
    orders: int = 0
    flags: int = 0
    commitments: int = 0
    commitments_kept: int = 0
    ranking: list[RankingEntry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """There are villages in every month, so of some figures only the numerator tells."""
        happened = any(one.numerator or _of_share(one) for one in self.figures)
        return not (happened or any(self._counts) or self.ranking)

    @property
    def _counts(self) -> tuple[int, ...]:
        return self.requests, self.orders, self.flags, self.commitments, self.commitments_kept

    def told(self) -> object:
        """Equal for contents that tell the same."""
        ranked = {
            (one.unit_id, one.grid_id, one.tasks, one.mean, one.score, one.place) for one in self.ranking
        }
        figures = [(one.metric, one.digest, one.numerator, one.denominator) for one in self.figures]
        return figures, self._counts, ranked

    def put_into(self, publication: Publication) -> None:
        """All but the ranking, which has rows of its own."""
        publication.figures = [one.id for one in self.figures]
        publication.requests, publication.orders = self.requests, self.orders
        publication.flags = self.flags
        publication.commitments = self.commitments
        publication.commitments_kept = self.commitments_kept

    async def write_ranking(self, publication: Publication) -> None:
        """In place of the one it had; the publication is in the database already."""
        await RankingEntry.filter(publication_id=publication.id).delete()
        for one in self.ranking:
            one.publication_id = publication.id
        await RankingEntry.bulk_create(self.ranking)


def _of_share(figure: MetricSnapshot) -> int:
    """What fell into the month, of a metric that is a part of what fell into it."""
    return figure.denominator if METRICS[figure.metric].is_share else 0


async def content_of(record: Record, actor: Actor, area: Area, month: Period) -> Content:
    """Counts every row, whoever may read it, and keeps the figures."""
    figures = [
        (await keep_snapshot(record, actor, area, NewSnapshot(name, area.code, *month)))[0]
        for name in MetricName
    ]
    flags = _within(area.path, month, "at")
    return Content(
        figures,
        await whole(Request).filter(**_within(area.path, month, "created_at")).count(),
        await whole(FlagEntry).filter(**flags).count(),
        await _points(flags),
        await whole(Commitment).filter(**_within(area.path, month, "made_at")).count(),
        await whole(Commitment).filter(**_within(area.path, month, "kept_at")).count(),
        await ranked_in(area.path, month),
    )


async def published_content(publication: Publication) -> Content:
    """What an edition shows."""
    found = {one.id: one for one in await whole(MetricSnapshot).filter(id__in=publication.figures)}
    return Content(
        [found[id] for id in publication.figures],
        publication.requests,
        publication.orders,
        publication.flags,
        publication.commitments,
        publication.commitments_kept,
        await RankingEntry.filter(publication_id=publication.id),
    )


def _within(path: str, month: Period, column: str) -> dict[str, str | datetime]:
    """In the area or below it, and with a moment of the month in the column."""
    start, end = subtree(path)
    moments = {f"{column}__gte": month.start, f"{column}__lte": month.closing}
    return {"path__gte": start, "path__lt": end, **moments}


async def _points(flags: dict[str, str | datetime]) -> int:
    [row] = await whole(FlagEntry).filter(**flags).annotate(sum=Sum("points")).values("sum")
    return int(row["sum"] or 0)


def month_published(publication: Publication) -> Period:
    return month_of(publication.month)
