"""What follows from the work of a month: the entries of its ranking, and honours."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tortoise.functions import Max, Sum

from actions.ranked_work import work_of_grids, work_of_units
from actions.ranking import Standing, ranking
from models import Area, FlagEntry, Honour, Member, Publication, RankingEntry, Unit, subtree
from models.periods import Period
from policies.scopes import whole

STARS = 3
HIDDEN = "＊＊"


async def ranked_in(path: str, month: Period) -> list[RankingEntry]:
    """Units, then grids, best first; not written yet, and of no publication."""
    units = ranking(await work_of_units(path, month))
    grids = ranking(await work_of_grids(path, month))
    unit_names = {one.id: one.name for one in await whole(Unit).filter(id__in=_ids(units))}
    grid_names = {one.code: one.name for one in await whole(Area).filter(code__in=_ids(grids))}
    return [
        *(_entry(one, unit_names, "unit_id") for one in units),
        *(_entry(one, grid_names, "grid_id") for one in grids),
    ]


def _ids(standings: Sequence[Standing]) -> list[str]:
    return [one.sample.id for one in standings]


def _entry(one: Standing, names: Mapping[str, str], of: str) -> RankingEntry:
    return RankingEntry(
        **{of: one.sample.id},
        name=names[one.sample.id],
        tasks=one.sample.tasks,
        mean=thousandths(one.sample.mean),
        score=None if one.score is None else thousandths(one.score),
        place=one.place,
    )


def thousandths(points: Fraction) -> int:
    """To the nearest, halves to the even one."""
    return round(points * 1000)


async def honour_stars(publication: Publication, month: Period) -> int:
    """The three with most flags of the month, among equals who had theirs first; how many there are."""
    start, end = subtree(publication.path)
    earned = whole(FlagEntry).filter(path__gte=start, path__lt=end)
    rows = earned.filter(at__gte=month.start, at__lte=month.closing)
    sums = rows.annotate(sum=Sum("points"), last=Max("at")).group_by("member_id")
    best = await sums.order_by("-sum", "last", "member_id").limit(STARS).values("member_id", "sum")
    members = {one.id: one for one in await whole(Member).filter(id__in=[row["member_id"] for row in best])}
    for place, row in enumerate(best, 1):
        await Honour.create(
            publication_id=publication.id,
            area_id=publication.area_id,
            path=publication.path,
            member_id=row["member_id"],
            shown_as=masked(members[row["member_id"]].name),
            month=publication.month,
            place=place,
            flags=row["sum"],
        )
    return len(best)


def masked(name: str) -> str:
    """The family name alone: those who are meant recognise themselves, and nobody else is told."""
    return f"{name[0]}{HIDDEN}" if len(name) > 1 else HIDDEN
