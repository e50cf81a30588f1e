"""The commands of `baodao account`: client systems and their keys, for whoever has the database."""

import asyncio
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from actions.grants import NewGrant, grant_role
from actions.keys import is_live
from actions.service_accounts import (
    CredentialEnding,
    NewAccount,
    NewCredential,
    create_service_account,
    issue_credential,
    revoke_credential,
)
from baodao.command import inside, span
from models import Credential, Member, NotFound, clock
from policies.actor import SYSTEM
from policies.scopes import whole

accounts = typer.Typer(no_args_is_help=True, help="Give client systems an account, and keys to sign in with.")
NOTE = "command line"

Login = Annotated[str, typer.Argument(help="The account's name.")]


class Role(StrEnum):
    """What an account may be."""

    INTEGRATION_CLIENT = "integration_client"
    OBSERVER = "observer"


@accounts.command()
def create(
    login: Login,
    area: Annotated[str, typer.Option(help="Code of the area it belongs to, such as 440606106.")],
    name: Annotated[str, typer.Option(help="What the system is called.")],
    role: Annotated[Role, typer.Option(help="What it may be in that area.")] = Role.INTEGRATION_CLIENT,
) -> None:
    """Enter a client system, with a role in its area."""
    asyncio.run(inside(lambda: _create(NewAccount(login, name, area), role)))
    print(f"{login} is {role} in {area}. For a key: baodao account key {login}")


async def _create(account: NewAccount, role: Role) -> None:
    done = await create_service_account(SYSTEM, account)
    await grant_role(SYSTEM, NewGrant(done.object_id, role.value, area=account.area, reason=NOTE))


@accounts.command()
def key(
    login: Login,
    lasting: Annotated[str, typer.Option("--for", help="How long, at most 400d.")] = "90d",
    label: Annotated[str, typer.Option(help="What tells it from the account's other keys.")] = NOTE,
) -> None:
    """Print a new key for an account; it is never shown again."""
    until = clock.now() + span(lasting)
    print(asyncio.run(inside(lambda: _key(login, label, until))))


async def _key(login: str, label: str, until: datetime) -> str | None:
    account = await _account(login)
    return (await issue_credential(SYSTEM, NewCredential(account.id, label, until))).secret


@accounts.command()
def keys(login: Login) -> None:
    """List an account's keys, the newest first: id, state, end and label."""
    for line in asyncio.run(inside(lambda: _keys(login))):
        print(line)


async def _keys(login: str) -> list[str]:
    account, now = await _account(login), clock.now()
    made = await whole(Credential).filter(member_id=account.id).order_by("-created_at", "-id")
    return [f"{one.id}  {_state(one, now):7}  {one.until:%Y-%m-%dT%H:%MZ}  {one.label}" for one in made]


def _state(credential: Credential, now: datetime) -> str:
    if is_live(credential, now):
        return "live"
    return "ended" if credential.revoked_at is None else "revoked"


@accounts.command()
def revoke(
    credential: Annotated[str, typer.Argument(help="Its id, as `baodao account keys` lists it.")],
    reason: Annotated[str, typer.Option(help="Why, kept in the log.")] = NOTE,
) -> None:
    """End a key at once."""
    asyncio.run(inside(lambda: revoke_credential(SYSTEM, CredentialEnding(credential, reason))))
    print(f"{credential} is revoked.")


async def _account(login: str) -> Member:
    account = await whole(Member).get_or_none(login=login, service_since__isnull=False)
    if account is None:
        raise NotFound("Member", "login")
    return account
