"""Mutations of commitments."""

import strawberry

from resolvers import commitments as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, NOTE


@strawberry.input(description="What the caller promises a village (作出承诺).")
class MakeCommitmentInput(Repeatable):
    area: AreaCode = needed("Code of the village where the caller is registered.")
    text: str = needed("What they promise, 1 to 20,000 characters.")


@strawberry.input(description="A commitment that the village found kept (确认践诺).")
class ConfirmCommitmentInput(Guarded):
    commitment: ID = needed("Id of the commitment that was kept.")
    note: str | None = given(NOTE)


@strawberry.type
class CommitmentChanges:
    make_commitment = change(
        "commitment",
        MakeCommitmentInput,
        resolve.make,
        "Promise something to the village where one is registered (作出承诺).",
    )
    confirm_commitment = change(
        "commitment",
        ConfirmCommitmentInput,
        resolve.confirm,
        "Tell that a commitment was kept (确认践诺). For the village; nobody confirms their own.",
    )
