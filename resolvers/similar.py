"""Requests that may be about the same matter (疑似重复); a person decides whether to merge."""

from dataclasses import dataclass

from models import Request
from resolvers.context import Info


@dataclass(frozen=True, slots=True)
class Similar:
    """A request, and how alike its words are: 0 to 100."""

    request: Request
    similarity: float


async def similar(root: Request, info: Info) -> list[Similar]:
    """The likest first: of the same village and category, reported within 30 days of each other, and not merged."""
    loaders = info.context.loaders
    alike = await loaders.alike.load(root)
    rows = await loaders.requests.load_many(one.id for one in alike)
    return [Similar(row, one.similarity) for one, row in zip(alike, rows, strict=True) if row is not None]
