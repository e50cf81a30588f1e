"""How alike requests are in their words, for many at once."""

from asyncio import get_running_loop
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple

from rapidfuzz import fuzz

from models import Request, RequestState, subtree
from policies.actor import Actor
from policies.scopes import readable

WINDOW = timedelta(days=30)
ALIKE = 70.0
MOST, LOOKED_AT, LONGEST = 5, 500, 500
VILLAGE_DIGITS = 12
COMPARING = ThreadPoolExecutor(1, "similar")
"""Comparing takes a while: everybody else is answered meanwhile, and it never takes more than one processor."""


class Likeness(NamedTuple):
    """The id of a request, and how alike its words are to those of another: 0 to 100."""

    id: str
    similarity: float


class Told(NamedTuple):
    """What requests are compared by. `words`: the beginning of a long text tells enough."""

    id: str
    created_at: datetime
    words: str


class Near(NamedTuple):
    """Where requests can be alike at all: the path of a village, and a category."""

    village: str
    category_id: str | None


async def alike_for(actor: Actor, roots: Sequence[Request]) -> list[list[Likeness]]:
    """For each, in its order; one query for each village and category of them."""
    groups = defaultdict[Near, list[Request]](list)
    for root in roots:
        groups[Near(_village(root.path), root.category_id)].append(root)
    found: dict[str, list[Likeness]] = {}
    for near, group in groups.items():
        others = await _others(actor, near, group)
        found |= await get_running_loop().run_in_executor(COMPARING, _compared, group, others)
    return [found[root.id] for root in roots]


async def _others(actor: Actor, near: Near, roots: list[Request]) -> list[Told]:
    """The newest first."""
    start, end = subtree(near.village)
    moments = [root.created_at for root in roots]
    rows = readable(Request, actor).filter(
        path__gte=start,
        path__lt=end,
        category_id=near.category_id,
        created_at__gte=min(moments) - WINDOW,
        created_at__lte=max(moments) + WINDOW,
        state__not=RequestState.MERGED,
    )
    newest = rows.order_by("-created_at", "-id").limit((LOOKED_AT + 1) * len(roots))
    told = await newest.values_list("id", "created_at", "place", "text")
    return [Told(id, at, _words(place, text)) for id, at, place, text in told]


def _village(path: str) -> str:
    """The path of the village that something with this path lies in."""
    codes = path.split(".")[:-1]
    return "".join(f"{code}." for code in codes if len(code) <= VILLAGE_DIGITS)


def _compared(roots: list[Request], others: list[Told]) -> dict[str, list[Likeness]]:
    found = {}
    for root in roots:
        near = [
            one for one in others if one.id != root.id and abs(one.created_at - root.created_at) <= WINDOW
        ]
        alike = _alike(_words(root.place, root.text), near[:LOOKED_AT])
        found[root.id] = sorted(alike, key=lambda one: -one.similarity)[:MOST]
    return found


def _alike(words: str, others: list[Told]) -> Iterator[Likeness]:
    for one in others:
        similarity = fuzz.WRatio(words, one.words, score_cutoff=ALIKE)
        if similarity >= ALIKE:
            yield Likeness(one.id, round(similarity, 1))


def _words(place: str | None, text: str) -> str:
    """What it says and where."""
    return f"{place or ''} {text[:LONGEST]}".strip()
