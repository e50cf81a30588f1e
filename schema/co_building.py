"""What can be asked about who stands by a village (共驻共建)."""

import strawberry

from resolvers import pairings as resolve_pairings
from schema.fields import field
from schema.nodes import PAGED, Connection
from schema.pairings import Pairing


@strawberry.type
class CoBuilding:
    pairings: Connection[Pairing] | None = field(
        resolve_pairings.pairings,
        "Pairings (结对共建) that the caller may read, newest first, with those that ended.",
        area="Only those of villages in this area.",
        unit="Only those of this unit.",
        **PAGED,
    )
