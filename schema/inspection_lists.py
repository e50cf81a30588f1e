"""What can be asked about visits that come round (走访巡查) and their plans."""

import strawberry

from resolvers import inspections as resolve
from schema.fields import field
from schema.inspections import Inspection, InspectionPlan
from schema.nodes import MINE, NO_OTHER, PAGED, Connection


@strawberry.type
class InspectionLists:
    inspection: Inspection | None = field(
        resolve.inspection, f"A visit by its id; {MINE}", id=f"Id of the visit; {NO_OTHER}"
    )
    inspections: Connection[Inspection] | None = field(
        resolve.inspections_of,
        "Visits (走访巡查) that the caller may read, due first, the past ones too.",
        area="Only those of this area or one below it.",
        filter="Conditions that all must hold; every visit the caller may read when left out.",
        **PAGED,
    )
    inspection_plans: Connection[InspectionPlan] | None = field(
        resolve.inspection_plans_of,
        "Plans of visits (走访巡查计划) that the caller may read, newest first.",
        area="Only those of this area or one below it.",
        kind="Only those of one of these kinds.",
        state="Only those in one of these states.",
        **PAGED,
    )
