"""Mutations about emergency access to protected fields (应急访问)."""

import strawberry

from resolvers import break_glass as resolve
from schema.changes import Guarded, Repeatable, change
from schema.fields import needed
from schema.inputs import ID


@strawberry.input(
    description="An object whose protected fields must be seen at once, and why (开启应急访问)."
)
class OpenEmergencyAccessInput(Repeatable):
    object: ID = needed("Id of the one member whose protected fields the caller is to see.")
    reason: str = needed("Why, for the auditor who reviews it; 1 to 500 characters.")


@strawberry.input(description="What an auditor found about an emergency access (核查应急访问).")
class ReviewEmergencyAccessInput(Guarded):
    access: ID = needed("Id of the emergency access; never one the caller opened.")
    justified: bool = needed("Whether there was a good reason to look.")
    finding: str = needed("What was found, kept in the history; 1 to 500 characters.")


@strawberry.type
class Emergencies:
    open_emergency_access = change(
        "access",
        OpenEmergencyAccessInput,
        resolve.open_emergency_access,
        "See the protected fields of one member for three hours (应急访问). Each look is audited, and all is reviewed.",
    )
    review_emergency_access = change(
        "access",
        ReviewEmergencyAccessInput,
        resolve.review_emergency_access,
        "Judge an emergency access (核查应急访问), once and never one's own; it ends with that if it still lasts.",
    )
