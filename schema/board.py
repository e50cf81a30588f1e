"""The board, as everybody sees it. Nothing here leads to anything else, so that nothing else is public by it."""

from datetime import date, datetime

import strawberry

from models import CorrectionReason
from models.metrics import MetricName
from resolvers import board as resolve
from resolvers import publications as resolve_publications
from resolvers import snapshots as resolve_snapshots
from resolvers import standings as resolve_standings
from resolvers.ids import AreaCode
from schema.fields import attribute, field
from schema.metrics import BilingualText


@strawberry.type(description="A figure of the board: numerator and denominator, and the hash to check it by.")
class BoardFigure:
    metric: MetricName = attribute("Which metric it is of.")
    title: BilingualText = field(resolve.title, "What the metric is called.")
    numerator_words: BilingualText = field(resolve_snapshots.numerator_words, "What was counted.")
    denominator_words: BilingualText = field(resolve_snapshots.denominator_words, "What it was divided by.")
    numerator: int = attribute("How many there were in the numerator.")
    denominator: int = attribute("How many there were in the denominator.")
    rate: float | None = field(
        resolve_snapshots.rate, "Numerator ÷ denominator; null when the denominator is 0."
    )
    as_of: datetime = attribute("The moment it stands for: the end of the month.")
    hash: str = attribute("SHA-256 over what was counted; see `MetricSnapshot.hash`.", of="digest")


@strawberry.type(
    description="A unit or a grid in the board's ranking; see `RankingEntry` for how it is scored."
)
class BoardEntry:
    name: str = attribute("What the unit or the grid was called that day.")
    tasks: int = attribute("How many tasks were scored, or orders ended, in the month.")
    mean: float = field(resolve_standings.mean, "Their own mean, 0 to 100, to three places.")
    score: float | None = field(
        resolve_standings.score, "By which they are ranked, 0 to 100; null for too few tasks."
    )
    place: int | None = attribute("1 for the best; equals share a place. Null for who is not ranked.")


@strawberry.type(description="A star of service (服务明星) on the board, by family name alone.")
class BoardStar:
    place: int = attribute("1 to 3; among equals in flags, whoever had theirs first.")
    shown_as: str = attribute("The family name, e.g. 王＊＊.")
    flags: int = attribute("How many red flags they earned in the month.")


@strawberry.type(
    description="What one edition of a publication tells: the one that holds, or one that was corrected."
)
class BoardEdition:
    number: int = attribute("1 for the first; each correction is one more.", of="edition")
    cause: CorrectionReason | None = field(
        resolve_publications.cause,
        "Why the edition before had to be corrected (更正原因); null for the first.",
    )
    published_at: datetime = attribute("When it became public.")
    corrected_at: datetime | None = attribute("When another edition took its place; null while it holds.")
    figures: list[BoardFigure] = field(
        resolve_publications.figures, "The month's figures, one for each metric; at most 20."
    )
    requests: int = attribute("How many requests came in during the month.")
    orders: int = attribute("How many work orders were verified in the month.")
    flags: int = attribute("How many red flags were earned in the month.")
    commitments: int = attribute("How many commitments members made in the month.")
    commitments_kept: int = attribute("How many the villages found kept in the month.")
    unit_ranking: list[BoardEntry] = field(
        resolve_standings.unit_ranking, "Units, best first, then those with too few tasks; at most 1,000."
    )
    grid_ranking: list[BoardEntry] = field(
        resolve_standings.grid_ranking, "Grids, best first, then those with too few orders; at most 1,000."
    )
    stars: list[BoardStar] = field(resolve_standings.honours, "The stars of service; at most 3.")


@strawberry.type(
    description=(
        "What an area has published of a month (公示栏), for everybody: nobody has to sign in for it, and no person is "
        "named in it."
    )
)
class Board:
    area: AreaCode = attribute("National code of the place that published it.")
    area_name: str = attribute("What that place is called today.")
    month: date = attribute("First day of the month.")
    edition: BoardEdition = attribute("What holds.")
    corrected: list[BoardEdition] = attribute(
        "What was public before and turned out to be wrong, the last first; at most 5: `publications` has all."
    )
    objections: int = attribute("How many objected before it was public.")
    upheld: int = attribute("How many of the objections were right.")
