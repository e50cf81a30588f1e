"""What areas decide for themselves, as clients see it: what counts in an area, and who decided it."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import ClockKind, DayKind, SummonsCategory, Tier, TimeUnit
from resolvers import decisions as resolve
from schema.fields import attribute, field

if TYPE_CHECKING:
    from schema.areas import Area

Decider = Annotated["Area", strawberry.lazy("schema.areas")]
BY = "The area that decided {}: this one or one above; null for the default of the service."


@strawberry.type(
    description="The share of the evaluated summonses of a category that is followed up (回访抽样比例)."
)
class FollowUpShare:
    category: SummonsCategory = attribute("The category that the share is for.")
    share: float = attribute("0.0 to 1.0; which summonses it hits follows from their ids alone.")


@strawberry.type(
    description=(
        "What counts in an area for what it has not decided itself (区域设置): the nearest decision on the way up. A "
        "change counts for what is looked at after it."
    )
)
class AreaSettings:
    require_town_gate: bool = field(
        resolve.require_town_gate, "Whether the town looks at a summons before it is issued (镇街把关)."
    )
    require_town_gate_by: Decider | None = field(resolve.town_gate_by, BY.format("about the gate"))
    follow_up_categories: list[SummonsCategory] = field(
        resolve.follow_up_categories, "Categories all of whose evaluated summonses are followed up (必回访)."
    )
    follow_up_categories_by: Decider | None = field(resolve.categories_by, BY.format("these categories"))
    follow_up_share: float = field(
        resolve.follow_up_share,
        "0.0 to 1.0 of the evaluated summonses are followed up (抽样回访), where their category has no share of "
        "its own.",
    )
    follow_up_share_by: Decider | None = field(resolve.share_by, BY.format("this share"))
    follow_up_shares: list[FollowUpShare] = field(
        resolve.follow_up_shares,
        "Shares of single categories, in place of `followUpShare`; at most one for each.",
    )
    follow_up_shares_by: Decider | None = field(resolve.shares_by, BY.format("these shares"))
    pass_score: int = field(
        resolve.pass_score, "Pass mark, 0 to 100 (及格分): a total below it is low, and leads to a follow-up."
    )
    pass_score_by: Decider | None = field(resolve.pass_score_by, BY.format("the pass mark"))


@strawberry.type(
    description=(
        "How long a clock runs in an area for matters of a tier (时限). It counts for clocks that start from now on: "
        "one that runs keeps the limit it started with."
    )
)
class Limit:
    clock: ClockKind = attribute("What somebody is given time for.")
    tier: Tier | None = attribute(
        "How pressing the matters are that it is for; null for requests and work orders, which have no tier."
    )
    category: SummonsCategory | None = attribute(
        "The category it is for alone; null when it is for all of them."
    )
    amount: float = attribute("How many of `timeUnit`; more than 0.")
    time_unit: TimeUnit = attribute("What `amount` counts.")
    source: str = attribute("The document that says so; empty when none is named. At most 80 characters.")
    decided_by: Decider | None = field(
        resolve.decided_by, "The area that decided it; null for the default of the service."
    )


@strawberry.type(description="A day unlike other Mondays to Fridays or weekends (节假日、调休).")
class CalendarDay:
    day: date = attribute("Which day it is, as in Shanghai.")
    kind: DayKind = attribute("Whether people work on it.")
    name: str = attribute("What it is called, e.g. 国庆节; may be empty. At most 40 characters.")
    decided_by: Decider | None = field(
        resolve.decided_by, "The area that decided it; null for a day of the whole country."
    )
