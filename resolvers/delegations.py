"""Delegations: what a grant tells of its deputies and principals, and the mutations that lend and end."""

from actions import delegations
from models import Grant, Member
from resolvers.administration import answer
from resolvers.context import Info
from resolvers.later import Later

MOST_DELEGATIONS = 100


def on_behalf_of(root: Grant, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.principal_id) if root.principal_id else None


def delegated_from(root: Grant, info: Info) -> Later[Grant | None]:
    return info.context.loaders.grants.find(root.source_id) if root.source_id else None


async def delegations_of(root: Grant, info: Info) -> list[Grant]:
    return (await info.context.loaders.delegations_of_grant.load(root.id))[:MOST_DELEGATIONS]


delegate_grant = answer(delegations.NewDelegation, delegations.delegate_grant)
end_delegation = answer(delegations.DelegationEnd, delegations.end_delegation)
