"""Mutations of pairings."""

import strawberry

from resolvers import pairings as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import needed
from schema.inputs import ID, REASON


@strawberry.input(description="A unit that is to stand by a village (安排结对).")
class ArrangePairingInput(Repeatable):
    unit: ID = needed("Id of the unit that stands by the village.")
    area: AreaCode = needed("National code of the village.")


@strawberry.input(description="A pairing that ends, and why (终止结对).")
class EndPairingInput(Guarded):
    pairing: ID = needed("Id of the pairing that ends.")
    reason: str = needed(REASON)


@strawberry.type
class PairingChanges:
    arrange_pairing = change(
        "pairing",
        ArrangePairingInput,
        resolve.arrange,
        "Let a unit stand by a village (安排结对). For the district's organisation department.",
    )
    end_pairing = change(
        "pairing",
        EndPairingInput,
        resolve.end,
        "End a pairing (终止结对); orders that the unit took on stay with it.",
    )
