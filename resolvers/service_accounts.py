"""Service accounts and their keys: the fields that show them, and the mutations that change them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from actions import service_accounts as actions
from actions.once import Done
from models import Credential, Member
from policies.actor import Actor
from resolvers.administration import answer
from resolvers.changes import Answer, Changed, Said, left_by, made, read
from resolvers.context import Info
from resolvers.later import Later

MOST_CREDENTIALS = 50
Wanted = TypeVar("Wanted")


class Issued(Protocol):
    """What an action answers that made a secret."""

    @property
    def done(self) -> Done: ...

    @property
    def secret(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class WithSecret(Changed):
    """`secret` is None when the answer is given again."""

    secret: str | None = field(repr=False)


def is_service(root: Member) -> bool:
    return root.service_since is not None


async def credentials(root: Member, info: Info) -> list[Credential]:
    return (await info.context.loaders.credentials_of_member.load(root.id))[:MOST_CREDENTIALS]


def account(root: Credential, info: Info) -> Later[Member | None]:
    return info.context.loaders.members.find(root.member_id)


def showing_once(
    wanted: Callable[..., Wanted], action: Callable[[Actor, Wanted], Awaitable[Issued]]
) -> Answer:
    async def answered(info: Info, said: Said) -> Changed:
        issued = await action(info.context.actor, made(wanted, read(said)))
        left = await left_by(info, issued.done)
        return WithSecret(left.object, left.event, issued.secret)

    return answered


issue_credential = showing_once(actions.NewCredential, actions.issue_credential)
rotate_credential = showing_once(actions.Rotation, actions.rotate_credential)


create_service_account = answer(actions.NewAccount, actions.create_service_account)
revoke_credential = answer(actions.CredentialEnding, actions.revoke_credential)
