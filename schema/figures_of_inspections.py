"""Figures of visits that come round, as clients see them."""

from datetime import datetime

import strawberry

from models import InspectionKind
from schema.fields import attribute


@strawberry.type(description="How many visits were planned and held, and what was collected at them.")
class InspectionCounts:
    kind: InspectionKind | None = attribute("Of which kind; null for all kinds together.")
    planned: int = attribute("Number of visits planned (应开展), without those that were called off.")
    held: int = attribute("Number of those that were recorded (已开展).")
    late: int = attribute("Number of those recorded after their day (补记).")
    missed: int = attribute("Number of those whose day passed without a record (逾期未开展).")
    cancelled: int = attribute("Number of visits that were called off (已取消).")
    holding_rate: float | None = attribute(
        "Held ÷ (held + missed), 0.0 to 1.0 (开展率); null when there is neither."
    )
    households: int = attribute("Number of households visited, as far as they were counted (入户数).")
    requests: int = attribute("Number of requests collected at these visits (征集诉求数).")


@strawberry.type(
    description=(
        "Figures of the visits of an area and everything below it whose day lies in a period, as they stand now. They "
        "count what the caller may read."
    )
)
class InspectionFigures:
    total: InspectionCounts = attribute("All kinds together.")
    by_kind: list[InspectionCounts] = attribute(
        "Kind by kind, without those of which there is none; at most 3."
    )
    as_of: datetime = attribute("The period's end, or now while it still runs.")
