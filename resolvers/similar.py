"""Requests that may be about the same matter (疑似重复), found by their words; a person decides whether to merge."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz import fuzz

from models import Request, RequestState, subtree
from policies.scopes import readable
from resolvers.context import Info

WINDOW = timedelta(days=30)
ALIKE = 70.0
MOST, LOOKED_AT, LONGEST = 5, 500, 500
VILLAGE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Similar:
    """A request, and how alike its words are: 0 to 100."""

    request: Request
    similarity: float


async def similar(root: Request, info: Info) -> list[Similar]:
    """The likest first: of the same village and category, reported within 30 days of each other, and not merged."""
    start, end = subtree(_village(root.path))
    near = readable(Request, info.context.actor).filter(
        path__gte=start,
        path__lt=end,
        category_id=root.category_id,
        created_at__gte=root.created_at - WINDOW,
        created_at__lte=root.created_at + WINDOW,
        id__not=root.id,
        state__not=RequestState.MERGED,
    )
    found = list(_alike(root, await near.order_by("-created_at", "-id").limit(LOOKED_AT)))
    return sorted(found, key=lambda one: -one.similarity)[:MOST]


def _village(path: str) -> str:
    """The path of the village that something with this path lies in."""
    codes = path.split(".")[:-1]
    return "".join(f"{code}." for code in codes if len(code) <= VILLAGE_DIGITS)


def _alike(root: Request, others: list[Request]) -> Iterator[Similar]:
    words = _words(root)
    for one in others:
        similarity = fuzz.WRatio(words, _words(one), score_cutoff=ALIKE)
        if similarity >= ALIKE:
            yield Similar(one, round(similarity, 1))


def _words(request: Request) -> str:
    """What it says and where; the beginning of a long text tells enough."""
    return f"{request.place or ''} {request.text[:LONGEST]}".strip()
