"""Mutations about delegations (代理): roles that a deputy uses in somebody else's name."""

from datetime import datetime

import strawberry

from resolvers import delegations as resolve
from schema.changes import Repeatable, change
from schema.fields import needed
from schema.inputs import ID, REASON


@strawberry.input(
    description="A grant of the caller's own that somebody else is to use for a while (委托代理)."
)
class DelegateGrantInput(Repeatable):
    grant: ID = needed(
        "Id of the grant: the caller's own, in force, not lent to the caller, and of no administrator's role."
    )
    to: ID = needed(
        "The deputy (代理人): another person, and for a role of a unit one who works in that unit or below it."
    )
    until: datetime = needed(
        "When the delegation ends; not after the grant itself, and at most 90 days from now."
    )
    reason: str = needed("Why, kept with the delegation; 1 to 500 characters.")


@strawberry.input(description="A delegation that is to end now, and why (终止代理).")
class EndDelegationInput(Repeatable):
    delegation: ID = needed("Id of the deputy's grant that is to end.")
    reason: str = needed(REASON)


@strawberry.type
class Delegations:
    delegate_grant = change(
        "grant",
        DelegateGrantInput,
        resolve.delegate_grant,
        "Let a deputy use one of one's own grants until a moment (委托代理); what they do with it tells in whose name.",
    )
    end_delegation = change(
        "grant",
        EndDelegationInput,
        resolve.end_delegation,
        "End a delegation (终止代理): by the principal, the deputy, or an administrator of the place.",
    )
